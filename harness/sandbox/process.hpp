#pragma once

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace harness::sandbox {

/// What is left of a child process.
struct Ended {
    std::string output;  ///< the first KiB of its standard error
    std::string mark;    ///< what it wrote to descriptor 3, at most 64 bytes
    int status = 0;      ///< exit code, or 128 + N after signal N
    bool wall_limit = false;
    bool output_limit = false;
};

/// What a command reads.
struct Inputs {
    std::string program;  ///< standard input
    std::string filter;   ///< descriptor 4
};

/// Runs a command with `inputs` and nothing else inherited: not the environment, no descriptor but 0 to 5. Kills it
/// after `wall`, or when it has written more than `output_bytes` to standard output and error together, and returns
/// when it is gone. To descriptor 5 it may write `"child-pid": N` (bubblewrap's --info-fd): a child that it leaves
/// behind, which is ended and reaped here. For that the calling process adopts orphans among its descendants from then
/// on; where the first process of a container never reaps, they would stay for ever. Throws std::system_error when it
/// cannot be started. Any thread.
Ended run_process(const std::vector<std::string>& command, const Inputs& inputs, std::chrono::milliseconds wall,
                  std::uint64_t output_bytes);

}  // namespace harness::sandbox
