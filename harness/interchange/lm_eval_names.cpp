#include "harness/interchange/lm_eval_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace harness::interchange {
namespace {

struct TaskNames {
    std::string_view ours, theirs;
};
constexpr std::array kTasks = {
    TaskNames{"commonsenseqa", "commonsense_qa"},
    TaskNames{"siqa", "social_iqa"},
};

/// The first line of a metric is the one that goes out; versions differ in the others.
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

/// The member `to` of the entry that `is` accepts; `name` where there is none.
template <class Entries, class Is, class Member>
std::string renamed(const Entries& entries, const std::string& name, const Is& is, Member to) {
    const auto found = std::find_if(entries.begin(), entries.end(), is);
    return found == entries.end() ? name : std::string((*found).*to);
}

}  // namespace

std::string lm_eval_task(const std::string& task) {
    return renamed(
        kTasks, task, [&](const TaskNames& names) { return names.ours == task; }, &TaskNames::theirs);
}

std::string task_of_lm_eval(const std::string& theirs) {
    return renamed(
        kTasks, theirs, [&](const TaskNames& names) { return names.theirs == theirs; }, &TaskNames::ours);
}

std::string lm_eval_metric(const std::string& task, const std::string& metric) {
    return renamed(
        kMetrics, metric, [&](const MetricNames& names) { return names.task == task && names.ours == metric; },
        &MetricNames::theirs);
}

std::string metric_of_lm_eval(const std::string& task, const std::string& theirs) {
    return renamed(
        kMetrics, theirs, [&](const MetricNames& names) { return names.task == task && names.theirs == theirs; },
        &MetricNames::ours);
}

}  // namespace harness::interchange
