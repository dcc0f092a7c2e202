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

/// Runs a command with `input` as its standard input and nothing else inherited: not the environment, no descriptor but
/// 0 to 3. Kills it after `wall`, or when it has written more than `output_bytes` to standard output and error
/// together, and returns when it is gone. Throws std::system_error when it cannot be started. Any thread.
Ended run_process(const std::vector<std::string>& command, const std::string& input, std::chrono::milliseconds wall,
                  std::uint64_t output_bytes);

}  // namespace harness::sandbox
