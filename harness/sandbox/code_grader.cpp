#include "harness/sandbox/code_grader.hpp"

#include <algorithm>

namespace harness::sandbox {
namespace {

constexpr const char* kName = "python";

}  // namespace

CodeGrader::CodeGrader(const Limits& limits, unsigned parallel) : sandbox_(limits), parallel_(parallel) {}

suites::Graders CodeGrader::graders() {
    const suites::Grader grade = [this](std::string_view program) -> std::optional<double> {
        if (const Outcome* found = outcome(program)) return found->passed ? 1.0 : 0.0;
        const Outcome ran = sandbox_.run(std::string(program));
        const std::lock_guard lock(mutex_);
        known_.insert_or_assign(std::string(program), ran);
        return ran.passed ? 1.0 : 0.0;
    };
    return {{kName, grade}};
}

suites::Graders CodeGrader::collecting() {
    const suites::Grader collect = [this](std::string_view program) -> std::optional<double> {
        const std::lock_guard lock(mutex_);
        waiting_.emplace_back(program);
        return 0.0;  // scored, so that the metric asks for the next sample too
    };
    return {{kName, collect}};
}

void CodeGrader::run() {
    std::vector<std::string> programs;
    {
        const std::lock_guard lock(mutex_);
        programs.swap(waiting_);
        std::sort(programs.begin(), programs.end());
        programs.erase(std::unique(programs.begin(), programs.end()), programs.end());
        std::erase_if(programs, [this](const std::string& program) { return known_.contains(program); });
    }
    std::vector<Outcome> outcomes = sandbox_.run_all(programs, parallel_);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < programs.size(); ++i)
        known_.insert_or_assign(std::move(programs[i]), std::move(outcomes[i]));
}

void CodeGrader::clear() {
    const std::lock_guard lock(mutex_);
    known_.clear();
}

const Outcome* CodeGrader::outcome(std::string_view program) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(program);
    return found == known_.end() ? nullptr : &found->second;
}

}  // namespace harness::sandbox
