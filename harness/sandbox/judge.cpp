#include "harness/sandbox/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <random>
#include <thread>

namespace harness::sandbox {
namespace {

/// Runs of each kind, the first included, for programs that touch the interpreter or are unusual.
constexpr int kRounds = 3;

enum class Run { Real, Control };

/// The remaining runs of a program that passed once.
std::vector<Run> further_runs(const Tests& tests) {
    if (tests.touches.empty() && !tests.unusual) return {Run::Control};
    std::vector<Run> runs(kRounds, Run::Control);
    runs.insert(runs.end(), kRounds - 1, Run::Real);
    std::random_device random;
    std::shuffle(runs.begin(), runs.end(), random);
    return runs;
}

Outcome not_judged(const std::string& reason) {
    Outcome outcome;
    outcome.verdict = Verdict::NotJudged;
    outcome.reason = reason;
    return outcome;
}

}  // namespace

std::string control_text(const std::string& program, const Tests& tests, std::size_t number) {
    if (tests.edits.empty()) return program + "\nassert False\n";
    const Tests::Edit& edit = tests.edits[number % tests.edits.size()];
    std::string text = program;
    return text.replace(edit.start, edit.length, edit.replacement);
}

Judge::Judge(const Limits& limits, unsigned parallel, std::function<bool()> keep_on)
    : sandbox_(limits, std::move(keep_on)),
      parallel_(parallel != 0 ? parallel : std::max(1U, std::thread::hardware_concurrency())) {}

Outcome Judge::judge(const Program& program) const {
    Outcome outcome = sandbox_.run(program.text);
    if (!outcome.passed()) return outcome;
    Tests tests;
    try {
        tests = sandbox_.read(program.text, program.tests_at);
    } catch (const Interrupted&) {
        throw;
    } catch (const SandboxError& error) {
        return not_judged(error.what());
    }
    outcome.touches = tests.touches;
    std::random_device random;
    std::shuffle(tests.edits.begin(), tests.edits.end(), random);
    std::size_t controls = 0;
    for (const Run run : further_runs(tests)) {
        Outcome again = sandbox_.run(run == Run::Real ? program.text : control_text(program.text, tests, controls++));
        if (again.verdict == Verdict::NotJudged) return again;
        again.touches = tests.touches;
        if (run == Run::Control && again.passed()) {
            again.verdict = Verdict::Failed;
            again.forged = true;
            again.reason = "forged pass: it also passed a test that no answer can pass";
            return again;
        }
        if (run == Run::Real && !again.passed()) {
            const std::string touched = tests.touches.empty() ? ""
                                                              : fmt::format(", and it touches the interpreter ({})",
                                                                            fmt::join(tests.touches, ", "));
            again.reason = fmt::format("passed once and not again{}: {}", touched, again.reason);
            return again;
        }
    }
    return outcome;
}

std::vector<Outcome> Judge::judge_all(const std::vector<Program>& programs) const {
    std::vector<Outcome> outcomes(programs.size());
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::mutex failing;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < programs.size(); i = next++) outcomes[i] = judge(programs[i]);
        } catch (...) {
            const std::lock_guard lock(failing);
            failure = std::current_exception();
            next = programs.size();
        }
    };
    {
        std::vector<std::jthread> workers;
        const std::size_t wanted = std::min<std::size_t>(parallel_, programs.size());
        for (std::size_t i = 0; i < wanted; ++i) workers.emplace_back(work);
    }
    if (failure) std::rethrow_exception(failure);
    return outcomes;
}

}  // namespace harness::sandbox
