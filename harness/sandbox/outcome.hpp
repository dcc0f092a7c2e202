#pragma once

#include <string>
#include <vector>

namespace harness::sandbox {

/// Passed: ran to its end. Failed: the program's own fault. Limit: one of the limits ended it. NotJudged: the sandbox
/// or somebody outside it failed, so nothing is known of the program; it is to be judged again, and never scored 0.
enum class Verdict { Passed, Failed, Limit, NotJudged };

/// The limit that ended a program.
enum class Limit { None, Cpu, Wall, Memory, Processes, Files };
const char* to_string(Limit limit);  ///< "", "CPU time", "wall time", "memory", "processes", "scratch files"

/// How a program went.
struct Outcome {
    Verdict verdict = Verdict::NotJudged;
    Limit limit = Limit::None;
    /// One line: the limit, the exception's last line and where it was raised, the exit code, the signal, or why the
    /// program was not judged. Empty when it passed.
    std::string reason;
    std::string errors;   ///< the first KiB of standard error
    bool forged = false;  ///< passed its tests and tests that nothing can pass: Failed, for this reason
    /// What the source uses to reach into the interpreter ("ctypes", "settrace"); looked for when it passes.
    std::vector<std::string> touches;

    bool passed() const { return verdict == Verdict::Passed; }
    /// The reason and, on the lines after it, the errors. Addresses in memory, which differ from run to run, are
    /// written 0x.
    std::string explanation() const;
};

}  // namespace harness::sandbox
