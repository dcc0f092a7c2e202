#include "harness/results/item_differences.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/results/documents.hpp"
#include "harness/results/generations.hpp"
#include "harness/results/run_view.hpp"
#include "reports/sections/pairing.hpp"

namespace harness::results {
namespace {

using reports::data::Both;
using reports::data::ItemDifference;
using reports::data::RequestDifference;
using reports::data::RunDifference;
using reports::data::TaskDifference;

std::optional<Both<std::string>> text_difference(const std::string& first, const std::string& second) {
    if (first == second) return std::nullopt;
    return Both<std::string>{first, second};
}

double distance(double first, double second) {
    if (first == second) return 0;  // subtracting equal infinities would give NaN
    const double between = std::abs(first - second);
    return std::isnan(between) ? INFINITY : between;
}

/// A task's items in a run.
struct TaskItems {
    std::vector<store::ItemRow> items;
    reports::data::Documents documents;
    std::vector<std::string> stop_strings;
};

/// Rules for comparing the items of one task.
struct Rules {
    double tolerance = 0;
    std::set<std::string> unshared_metrics;
    bool as_reference = false;  ///< one run is from another tool: outputs are compared in its stored form
    std::vector<std::string> stop_strings;
};

/// A score that means correct or wrong, not a degree.
bool is_verdict(const std::optional<double>& score) {
    return score == 0.0 || score == 1.0;
}

/// Compares the items of one task.
class Comparer {
public:
    Comparer(TaskDifference& result, const Rules& rules) : result_(result), rules_(rules) {}

    void compare(const store::ItemRow& first, const store::ItemRow& second) {
        ++result_.compared;
        ItemDifference item;
        item.doc = first.doc;
        item.second_doc = second.doc;
        const std::size_t count = std::max(first.requests.size(), second.requests.size());
        for (std::size_t i = 0; i < count; ++i) {
            RequestDifference request = compare_request(at(first.requests, i), at(second.requests, i));
            request.position = i;
            if (request.prompt || request.continuation || request.output || request.logprob)
                item.requests.push_back(std::move(request));
        }
        compare_verdicts(first, second, item);
        item.error = text_difference(first.error, second.error);
        if (!item.requests.empty() || !item.verdicts.empty() || item.error) result_.items.push_back(std::move(item));
    }

private:
    static const store::RequestRow* at(const std::vector<store::RequestRow>& requests, std::size_t index) {
        return index < requests.size() ? &requests[index] : nullptr;
    }

    RequestDifference compare_request(const store::RequestRow* first, const store::RequestRow* second) {
        RequestDifference request;
        if (first == nullptr || second == nullptr) {
            const auto side = [](const store::RequestRow* row, const std::string store::RequestRow::*field) {
                return row == nullptr ? std::nullopt : std::optional(row->*field);
            };
            request.prompt =
                Both<std::string>{side(first, &store::RequestRow::context), side(second, &store::RequestRow::context)};
            request.continuation = Both<std::string>{side(first, &store::RequestRow::continuation),
                                                     side(second, &store::RequestRow::continuation)};
            return request;
        }
        request.prompt = text_difference(first->context, second->context);
        request.continuation = text_difference(first->continuation, second->continuation);
        request.output = output_difference(first->output, second->output);
        const double between = distance(first->logprob, second->logprob);
        result_.largest_logprob = std::max(result_.largest_logprob, between);
        if (first->kind != "generate") {
            ++result_.scored;
            result_.mean_logprob += (between - result_.mean_logprob) / static_cast<double>(result_.scored);
        }
        if (between > rules_.tolerance) request.logprob = Both<double>{first->logprob, second->logprob};
        return request;
    }

    std::optional<Both<std::string>> output_difference(const std::string& first, const std::string& second) {
        if (first == second) return std::nullopt;
        if (!rules_.as_reference || kept(first) != kept(second)) return Both<std::string>{first, second};
        ++result_.same_as_kept;
        return std::nullopt;
    }

    std::string kept(const std::string& output) const { return as_reference_keeps(output, rules_.stop_strings); }

    void compare_verdicts(const store::ItemRow& first, const store::ItemRow& second, ItemDifference& item) const {
        std::map<std::string, Both<double>> scores;
        for (const store::ScoreRow& score : first.scores) scores[score.metric].first = score.value;
        for (const store::ScoreRow& score : second.scores) scores[score.metric].second = score.value;
        const bool same_outputs =
            std::none_of(item.requests.begin(), item.requests.end(),
                         [](const RequestDifference& request) { return request.output.has_value(); });
        for (const auto& [metric, both] : scores) {
            if (!rules_.unshared_metrics.contains(metric) && !is_same(both, same_outputs)) item.verdicts[metric] = both;
        }
    }

    /// If the outputs are equal, a score that is not 0 or 1 (mc2, a perplexity, SQuAD's probability of no answer) can
    /// differ only because log-probabilities do, so their tolerance applies.
    bool is_same(const Both<double>& both, bool same_outputs) const {
        constexpr double kRounding = 1e-9;
        if (!both.first || !both.second) return both.first == both.second;
        if (is_verdict(both.first) && is_verdict(both.second)) return both.first == both.second;
        return distance(*both.first, *both.second) <=
               (same_outputs ? std::max(rules_.tolerance, kRounding) : kRounding);
    }

    TaskDifference& result_;
    const Rules& rules_;
};

std::set<std::string> metrics_of(const std::vector<store::ItemRow>& items) {
    std::set<std::string> metrics;
    for (const store::ItemRow& item : items) {
        for (const store::ScoreRow& score : item.scores) metrics.insert(score.metric);
    }
    return metrics;
}

TaskItems task_items(const store::RunStore& runs, const store::RunTaskRow& task) {
    TaskItems of;
    of.items = runs.items(task.id);
    of.documents = documents_of(runs.documents(task.id), is_imported(task));
    of.stop_strings = stop_strings(task);
    return of;
}

std::vector<std::uint64_t> numbers_of(const reports::data::Documents& documents,
                                      const std::vector<std::size_t>& indices) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(indices.size());
    for (const std::size_t index : indices) numbers.push_back(documents.numbers[index]);
    return numbers;
}

Rules rules_of(const TaskItems& first, const TaskItems& second, const std::vector<std::string>& unshared,
               double tolerance) {
    Rules rules{.tolerance = tolerance,
                .unshared_metrics = {unshared.begin(), unshared.end()},
                .as_reference = first.documents.imported || second.documents.imported,
                .stop_strings = first.stop_strings};
    rules.stop_strings.insert(rules.stop_strings.end(), second.stop_strings.begin(), second.stop_strings.end());
    return rules;
}

TaskDifference task_difference(const std::string& task, const TaskItems& first, const TaskItems& second,
                               double tolerance) {
    using reports::sections::Pairing;
    TaskDifference result;
    result.task = task;
    const std::set<std::string> of_first = metrics_of(first.items);
    const std::set<std::string> of_second = metrics_of(second.items);
    std::set_symmetric_difference(of_first.begin(), of_first.end(), of_second.begin(), of_second.end(),
                                  std::back_inserter(result.unshared_metrics));
    const Pairing pairing = reports::sections::pair_documents(first.documents, second.documents);
    result.by_number = pairing.by == Pairing::By::Number && first.documents.imported != second.documents.imported;
    result.only_first = numbers_of(first.documents, pairing.only_a);
    result.only_second = numbers_of(second.documents, pairing.only_b);
    const Rules rules = rules_of(first, second, result.unshared_metrics, tolerance);
    Comparer comparer(result, rules);
    for (const auto& [in_first, in_second] : pairing.pairs)
        comparer.compare(first.items[in_first], second.items[in_second]);
    return result;
}

}  // namespace

reports::data::RunDifference item_differences(const store::RunStore& runs, const store::RunRow& first,
                                              const store::RunRow& second, double tolerance) {
    RunDifference result{.first = first.id,
                         .second = second.id,
                         .tolerance = tolerance,
                         .runs = {settings_view(runs, first), settings_view(runs, second)},
                         .tasks = {},
                         .only_first = {},
                         .only_second = {}};
    const std::vector<store::RunTaskRow> others = runs.tasks(second.id);
    std::set<std::string> shared;
    for (const store::RunTaskRow& task : runs.tasks(first.id)) {
        const auto other =
            std::find_if(others.begin(), others.end(), [&task](const auto& row) { return row.task == task.task; });
        if (other == others.end()) {
            result.only_first.push_back(task.task);
            continue;
        }
        shared.insert(task.task);
        result.tasks.push_back(task_difference(task.task, task_items(runs, task), task_items(runs, *other), tolerance));
    }
    for (const store::RunTaskRow& task : others) {
        if (!shared.contains(task.task)) result.only_second.push_back(task.task);
    }
    return result;
}

}  // namespace harness::results
