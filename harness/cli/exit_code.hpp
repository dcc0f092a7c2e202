#pragma once

namespace harness::cli {

/// Exit code of the process.
enum class ExitCode {
    Done = 0,           ///< the work is done
    CheckFailed = 1,    ///< a check (compare --expect-identical) failed
    BadInput = 2,       ///< the call or its input was wrong
    WorkFailed = 3,     ///< device lost, disk full, interrupted; of a gate also: the run lacks items
    NotComparable = 4,  ///< of a gate: the two runs asked different questions
    Inconclusive = 5,   ///< of a strict gate: neither a drop nor its absence is proven
};

}  // namespace harness::cli
