#include "harness/results/item_differences.hpp"

#include <algorithm>
#include <cmath>
#include <set>

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
    if (first == second) return 0;  // equal infinities have no difference
    const double between = std::abs(first - second);
    return std::isnan(between) ? INFINITY : between;
}

/// Compares the items of one task.
class Comparer {
public:
    Comparer(TaskDifference& result, double tolerance, const std::set<std::string>& unshared)
        : result_(result), tolerance_(tolerance), unshared_(unshared) {}

    void compare(const store::ItemRow& first, const store::ItemRow& second) {
        ++result_.compared;
        ItemDifference item;
        item.doc = first.doc;
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
        request.output = text_difference(first->output, second->output);
        const double between = distance(first->logprob, second->logprob);
        result_.largest_logprob = std::max(result_.largest_logprob, between);
        if (first->kind != "generate") {
            ++result_.scored;
            result_.mean_logprob += (between - result_.mean_logprob) / static_cast<double>(result_.scored);
        }
        if (between > tolerance_) request.logprob = Both<double>{first->logprob, second->logprob};
        return request;
    }

    void compare_verdicts(const store::ItemRow& first, const store::ItemRow& second, ItemDifference& item) const {
        std::map<std::string, Both<double>> scores;
        for (const store::ScoreRow& score : first.scores) scores[score.metric].first = score.value;
        for (const store::ScoreRow& score : second.scores) scores[score.metric].second = score.value;
        for (const auto& [metric, both] : scores) {
            if (unshared_.contains(metric)) continue;
            // Sums of log-probabilities are held to the same tolerance as what they are sums of.
            const double allowed = metric == "loglikelihood" ? tolerance_ : 1e-9;
            const bool same =
                both.first && both.second ? distance(*both.first, *both.second) <= allowed : both.first == both.second;
            if (!same) item.verdicts[metric] = both;
        }
    }

    TaskDifference& result_;
    double tolerance_;
    const std::set<std::string>& unshared_;
};

std::set<std::string> metrics_of(const std::vector<store::ItemRow>& items) {
    std::set<std::string> metrics;
    for (const store::ItemRow& item : items) {
        for (const store::ScoreRow& score : item.scores) metrics.insert(score.metric);
    }
    return metrics;
}

TaskDifference task_difference(const std::string& task, const std::vector<store::ItemRow>& first,
                               const std::vector<store::ItemRow>& second, double tolerance) {
    TaskDifference result;
    result.task = task;
    const std::set<std::string> of_first = metrics_of(first);
    const std::set<std::string> of_second = metrics_of(second);
    std::set_symmetric_difference(of_first.begin(), of_first.end(), of_second.begin(), of_second.end(),
                                  std::back_inserter(result.unshared_metrics));
    const std::set<std::string> unshared(result.unshared_metrics.begin(), result.unshared_metrics.end());
    Comparer comparer(result, tolerance, unshared);
    // Both are in document order.
    auto left = first.begin();
    auto right = second.begin();
    while (left != first.end() || right != second.end()) {
        if (right == second.end() || (left != first.end() && left->doc < right->doc)) {
            result.only_first.push_back((left++)->doc);
        } else if (left == first.end() || right->doc < left->doc) {
            result.only_second.push_back((right++)->doc);
        } else {
            comparer.compare(*left++, *right++);
        }
    }
    return result;
}

}  // namespace

reports::data::RunDifference item_differences(const store::RunStore& runs, const store::RunRow& first,
                                              const store::RunRow& second, double tolerance) {
    RunDifference result{.first = first.id,
                         .second = second.id,
                         .tolerance = tolerance,
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
        result.tasks.push_back(task_difference(task.task, runs.items(task.id), runs.items(other->id), tolerance));
    }
    for (const store::RunTaskRow& task : others) {
        if (!shared.contains(task.task)) result.only_second.push_back(task.task);
    }
    return result;
}

}  // namespace harness::results
