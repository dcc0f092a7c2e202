#pragma once

namespace harness::cli {

/// Exit code of the process.
enum class ExitCode {
    Done = 0,         ///< the work is done
    CheckFailed = 1,  ///< a check (compare --expect-identical) failed
    BadInput = 2,     ///< the call or its input was wrong
    WorkFailed = 3,   ///< device lost, disk full, interrupted
};

}  // namespace harness::cli
