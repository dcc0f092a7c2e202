#include "harness/run/code_grader.hpp"

#include <algorithm>
#include <string>

#include "engine/language_model.hpp"

namespace harness::run {
namespace {

sandbox::Program program_of(const suites::GradedText& graded) {
    return {std::string(graded.text), graded.answer_end};
}

suites::Grade grade_of(const sandbox::Outcome& outcome) {
    if (outcome.verdict == sandbox::Verdict::NotJudged) throw NotJudgedError(outcome.reason);
    suites::Grade grade{.value = outcome.passed() ? 1.0 : 0.0};
    if (!outcome.passed()) grade.explanation = outcome.explanation();
    grade.counts = {{"forged_pass", outcome.forged ? 1.0 : 0.0},
                    {"touches_interpreter", outcome.touches.empty() ? 0.0 : 1.0}};
    return grade;
}

[[noreturn]] void stopped(const sandbox::Interrupted& error) {
    throw engine::EngineError(engine::EngineError::Kind::Stopped, error.what());
}

}  // namespace

CodeGrader::CodeGrader(const sandbox::Limits& limits, unsigned parallel)
    : judge_(limits, parallel, [this] { return !keep_on_ || keep_on_(); }) {}

suites::Grader CodeGrader::grader() {
    return [this](const suites::GradedText& graded) {
        const sandbox::Program program = program_of(graded);
        {
            const std::lock_guard lock(mutex_);
            const auto found = known_.find(program);
            if (found != known_.end()) return grade_of(found->second);
        }
        try {
            sandbox::Outcome outcome = judge_.judge(program);
            const std::lock_guard lock(mutex_);
            return grade_of(known_[program] = std::move(outcome));
        } catch (const sandbox::Interrupted& error) {
            stopped(error);
        }
    };
}

suites::Grader CodeGrader::collecting() {
    return [this](const suites::GradedText& graded) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(program_of(graded));
        return suites::Grade{.value = 0.0};  // a score, so that the metric grades the next sample too
    };
}

void CodeGrader::run() {
    std::vector<sandbox::Program> programs;
    {
        const std::lock_guard lock(mutex_);
        programs.swap(waiting_);
        std::sort(programs.begin(), programs.end());
        programs.erase(std::unique(programs.begin(), programs.end()), programs.end());
        std::erase_if(programs, [this](const sandbox::Program& program) { return known_.contains(program); });
    }
    try {
        std::vector<sandbox::Outcome> outcomes = judge_.judge_all(programs);
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < programs.size(); ++i)
            known_.insert_or_assign(std::move(programs[i]), std::move(outcomes[i]));
    } catch (const sandbox::Interrupted& error) {
        stopped(error);
    }
}

void CodeGrader::clear() {
    const std::lock_guard lock(mutex_);
    known_.clear();
    waiting_.clear();
}

}  // namespace harness::run
