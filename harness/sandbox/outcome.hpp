#pragma once

#include <string>
#include <vector>

namespace harness::sandbox {

/// Passed: ran to its end. Failed: the program's own fault. Limit: one of the limits ended it. NotJudged: the sandbox
/// failed or something outside interfered, so there is no verdict; run the program again, and never score it 0.
enum class Verdict { Passed, Failed, Limit, NotJudged };

/// The limit that a program reached.
enum class Limit { None, Cpu, Wall, Memory, Processes, Files };
const char* to_string(Limit limit);  ///< "", "CPU time", "wall time", "memory", "processes", "scratch files"

/// Result of running a program.
struct Outcome {
    Verdict verdict = Verdict::NotJudged;
    Limit limit = Limit::None;
    /// One line: the limit, the exception's last line and where it was raised, the exit code, the signal, or why the
    /// program was not judged. Empty when it passed.
    std::string reason;
    std::string errors;   ///< the first KiB of standard error
    bool forged = false;  ///< passed both its tests and tests that no answer can pass; the verdict is then Failed
    /// How the source touches the interpreter ("ctypes", "settrace"); determined only for programs that pass.
    std::vector<std::string> touches;

    bool passed() const { return verdict == Verdict::Passed; }
    /// The reason, then the errors on the following lines. Memory addresses, which differ from run to run, are written
    /// 0x.
    std::string explanation() const;
};

}  // namespace harness::sandbox
