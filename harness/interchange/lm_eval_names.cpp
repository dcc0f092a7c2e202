#include "harness/interchange/lm_eval_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace harness::interchange {
namespace {

struct TaskNames {
    std::string_view ours, theirs;
};
constexpr std::array kTasks = {
    TaskNames{"commonsenseqa", "commonsense_qa"},
    TaskNames{"siqa", "social_iqa"},
};

/// Subjects of MATH whose names lm-evaluation-harness shortens in task names.
constexpr std::array<std::string_view, 2> kMathFamilies = {"hendrycks_math_", "minerva_math_"};
constexpr std::array kMathSubjects = {
    TaskNames{"counting_and_probability", "counting_and_prob"},
    TaskNames{"number_theory", "num_theory"},
    TaskNames{"precalculus", "precalc"},
};

/// Families whose metric has the filter "none" in its name here, since lm-evaluation-harness also extracts the compared
/// text from the output.
constexpr std::array<std::string_view, 2> kNoneNamed = {"minerva_math_", "bbh_fewshot_"};

/// Of several entries for one metric, exports use the first; the others are names in other versions.
struct MetricNames {
    std::string_view task, ours, theirs;
};
constexpr std::array kMetrics = {
    MetricNames{"humaneval", "pass@1", "pass@1,create_test"},
    MetricNames{"humaneval_64", "pass@2", "pass@2,create_test"},
    MetricNames{"humaneval_64", "pass@8", "pass@8,create_test"},
    MetricNames{"humaneval_64", "pass@16", "pass@16,create_test"},
    MetricNames{"humaneval_64", "pass@32", "pass@32,create_test"},
    MetricNames{"humaneval_64", "pass@64", "pass@64,create_test"},
    MetricNames{"mbpp", "pass@1", "pass_at_1"},
    MetricNames{"mbpp", "pass@1", "pass_at_1,extract_code"},
    MetricNames{"truthfulqa_mc2", "mc2", "acc"},
};

/// The member `to` of the first entry for which `is` is true; `name` if there is none.
template <class Entries, class Is, class Member>
std::string renamed(const Entries& entries, const std::string& name, const Is& is, Member to) {
    const auto found = std::find_if(entries.begin(), entries.end(), is);
    return found == entries.end() ? name : std::string((*found).*to);
}

/// The family whose name the task's name begins with, and the rest of the name; empty if there is none.
template <std::size_t N>
std::pair<std::string, std::string> family_of(const std::array<std::string_view, N>& families,
                                              const std::string& task) {
    for (const std::string_view family : families) {
        if (task.starts_with(family)) return {std::string(family), task.substr(family.size())};
    }
    return {};
}

}  // namespace

std::string lm_eval_task(const std::string& task) {
    if (const auto [family, subject] = family_of(kMathFamilies, task); !family.empty()) {
        return family + renamed(
                            kMathSubjects, subject, [&s = subject](const TaskNames& names) { return names.ours == s; },
                            &TaskNames::theirs);
    }
    return renamed(
        kTasks, task, [&](const TaskNames& names) { return names.ours == task; }, &TaskNames::theirs);
}

std::string task_of_lm_eval(const std::string& theirs) {
    if (const auto [family, subject] = family_of(kMathFamilies, theirs); !family.empty()) {
        return family + renamed(
                            kMathSubjects, subject,
                            [&s = subject](const TaskNames& names) { return names.theirs == s; }, &TaskNames::ours);
    }
    return renamed(
        kTasks, theirs, [&](const TaskNames& names) { return names.theirs == theirs; }, &TaskNames::ours);
}

std::string lm_eval_metric(const std::string& task, const std::string& metric) {
    return renamed(
        kMetrics, metric, [&](const MetricNames& names) { return names.task == task && names.ours == metric; },
        &MetricNames::theirs);
}

std::string metric_of_lm_eval(const std::string& task, const std::string& theirs) {
    if (theirs == "exact_match" && !family_of(kNoneNamed, task).first.empty()) return "exact_match,none";
    return renamed(
        kMetrics, theirs, [&](const MetricNames& names) { return names.task == task && names.theirs == theirs; },
        &MetricNames::ours);
}

}  // namespace harness::interchange
