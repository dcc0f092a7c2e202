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
    /// The byte at which the author's part ends and the task's tests begin; 0: unknown.
    std::size_t tests_at = 0;

    friend auto operator<=>(const Program&, const Program&) = default;  // NOLINT(modernize-use-nullptr): of <=>
};

/// Judges programs and detects forgeries.
///
/// A program that passes is run again as a *control*: the same text except for one of the task's assertions, chosen at
/// random, which now expects a different value (a number of as many digits, another letter in a string, the other truth
/// value) that no honest answer gives. Only the byte range of that one value differs, so a program sees the same names,
/// lines, order and environment in both. A program that replaces or skips its tests, whose answers equal everything, or
/// that finds the sandbox's secret mark and reports success, also passes its control, which reveals it. If a task's
/// tests are not assertions, the control ends with an assertion that fails, which reveals programs that end early.
///
/// A program whose source touches the interpreter (tracing, frames, ctypes, own comparisons, builtins replaced ...), or
/// uses constructs that are unusual in answers (python/find_tests.py), must pass three times and fail three controls of
/// different assertions, in random order, so that a program that forges at random is found too: it passes in one case
/// of 64, instead of one of four.
///
/// Limits: a program that knows the correct answers can tell a control from the real tests, but then it could have
/// answered; a program that recognises a *published* test by its text or fingerprint can forge that one and fail its
/// controls. Nothing that runs in the same process as its judge can be prevented from that. Programs that touch the
/// interpreter are counted so that a reader can inspect them.
class Judge {
public:
    /// See Sandbox. `parallel`: max programs at a time; 0: number of processors. Throws SandboxError.
    explicit Judge(const Limits& limits = {}, unsigned parallel = 0, std::function<bool()> keep_on = {});

    /// Throws Interrupted; every other event gives a verdict.
    Outcome judge(const Program& program) const;
    /// Judges many programs, several at a time. Outcomes are in the order of `programs`.
    std::vector<Outcome> judge_all(const std::vector<Program>& programs) const;

    const Sandbox& sandbox() const { return sandbox_; }

private:
    Sandbox sandbox_;
    unsigned parallel_;
};

/// A control of a program: its text with one of the edits, or with a failing assertion at the end if there are none.
std::string control_text(const std::string& program, const Tests& tests, std::size_t number);

}  // namespace harness::sandbox
