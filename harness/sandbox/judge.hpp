#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/sandbox/sandbox.hpp"

namespace harness::sandbox {

/// A program with its tests.
struct Program {
    std::string text;
    /// The byte at which the author's part ends and the task's tests begin; 0: not known.
    std::size_t tests_at = 0;

    friend auto operator<=>(const Program&, const Program&) = default;
};

/// Gives programs their verdicts, forgeries included.
///
/// A program that passes is run again as a *control*: the same text but for one assertion, drawn at random among those
/// of the task, which now expects something else (a number of as many digits, another letter in a string, the other
/// truth value) and which no honest answer meets. Only the byte range of that one value differs, so a program sees the
/// same names, lines, order and environment in both. One that replaces or jumps over its tests, whose answers equal
/// everything, or that finds the sandbox's secret mark and reports success, does so again, and is known by it. Where a
/// task's tests are not assertions, the control ends with one that fails, which finds out those that end early.
///
/// A program whose source touches the interpreter (tracing, frames, ctypes, own comparisons, builtins replaced ...), or
/// is not made of what answers are usually made of (python/find_tests.py), must pass three times and fail three
/// controls of different assertions, in random order, so that one that forges by chance is found too: it passes in one
/// case of 64, not of four.
///
/// The limit of this: a program that knows the right answers can tell a control from the real tests, but then it could
/// have answered; a program that recognises a *published* test by its text or fingerprint can forge that one and fail
/// its controls. Nothing that runs in the same process as its judge can be kept from that. Counts of programs that
/// touch the interpreter are given so that a reader can look at those.
class Judge {
public:
    /// See Sandbox. `parallel`: programs at a time, 0 for as many as there are processors. Throws SandboxError.
    explicit Judge(const Limits& limits = {}, unsigned parallel = 0, std::function<bool()> keep_on = {});

    /// Throws Interrupted. Whatever else happens is a verdict.
    Outcome judge(const Program& program) const;
    /// The same for many, several at a time. In their order.
    std::vector<Outcome> judge_all(const std::vector<Program>& programs) const;

    const Sandbox& sandbox() const { return sandbox_; }

private:
    Sandbox sandbox_;
    unsigned parallel_;
};

/// A control of a program: its text with one of the edits, or with an assertion that fails at its end where there are
/// none.
std::string control_text(const std::string& program, const Tests& tests, std::size_t number);

}  // namespace harness::sandbox
