#include "harness/results/item_differences.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "harness/results/document_hashes.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/generations.hpp"
#include "harness/results/run_view.hpp"
#include "harness/store/item_views.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/sections/pairing.hpp"

namespace harness::results {
namespace {

using reports::data::Both;
using reports::data::ItemDifference;
using reports::data::RequestDifference;
using reports::data::RunDifference;
using reports::data::TaskDifference;

Both<std::string> both(std::string_view first, std::string_view second) {
    return {std::string(first), std::string(second)};
}

std::optional<Both<std::string>> text_difference(std::string_view first, std::string_view second) {
    if (first == second) return std::nullopt;
    return both(first, second);
}

double distance(double first, double second) {
    if (first == second) return 0;  // subtracting equal infinities would give NaN
    const double between = std::abs(first - second);
    return std::isnan(between) ? INFINITY : between;
}

/// Rules for comparing the items of one task.
struct Rules {
    double tolerance = 0;
    std::set<std::string, std::less<>> unshared_metrics;
    bool as_reference = false;  ///< one run is from another tool: outputs are compared in its stored form
    std::vector<std::string> stop_strings;
};

/// A score that means correct or wrong, not a degree.
bool is_verdict(const std::optional<double>& score) {
    return score == 0.0 || score == 1.0;
}

/// Compares the items of one task, and keeps what is said of all of them in `result`.
class Comparer {
public:
    Comparer(TaskDifference& result, const Rules& rules) : result_(result), rules_(rules) {}

    /// nullopt for items without a difference.
    std::optional<ItemDifference> compare(const store::ItemView& first, const store::ItemView& second) {
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
        if (item.requests.empty() && item.verdicts.empty() && !item.error) return std::nullopt;
        return item;
    }

private:
    static const store::RequestView* at(std::span<const store::RequestView> requests, std::size_t index) {
        return index < requests.size() ? &requests[index] : nullptr;
    }

    RequestDifference compare_request(const store::RequestView* first, const store::RequestView* second) {
        RequestDifference request;
        if (first == nullptr || second == nullptr) {
            const auto side = [](const store::RequestView* view, const std::string_view store::RequestView::*field) {
                return view == nullptr ? std::nullopt : std::optional<std::string>(view->*field);
            };
            using store::RequestView;
            request.prompt = {side(first, &RequestView::context), side(second, &RequestView::context)};
            request.continuation = {side(first, &RequestView::continuation), side(second, &RequestView::continuation)};
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

    std::optional<Both<std::string>> output_difference(std::string_view first, std::string_view second) {
        if (first == second) return std::nullopt;
        if (!rules_.as_reference || kept(first) != kept(second)) return both(first, second);
        ++result_.same_as_kept;
        return std::nullopt;
    }

    std::string kept(std::string_view output) const {
        return as_reference_keeps(std::string(output), rules_.stop_strings);
    }

    /// Both lists are sorted by metric.
    void compare_verdicts(const store::ItemView& first, const store::ItemView& second, ItemDifference& item) const {
        const bool same_outputs =
            std::none_of(item.requests.begin(), item.requests.end(),
                         [](const RequestDifference& request) { return request.output.has_value(); });
        auto a = first.scores.begin();
        auto b = second.scores.begin();
        while (a != first.scores.end() || b != second.scores.end()) {
            const bool takes_first = b == second.scores.end() || (a != first.scores.end() && a->metric <= b->metric);
            const bool takes_second = a == first.scores.end() || (b != second.scores.end() && b->metric <= a->metric);
            const std::string_view metric = takes_first ? a->metric : b->metric;
            const Both<double> values{takes_first ? a->value : std::nullopt, takes_second ? b->value : std::nullopt};
            if (!is_same(values, same_outputs) && !rules_.unshared_metrics.contains(metric))
                item.verdicts.emplace(metric, values);
            if (takes_first) ++a;
            if (takes_second) ++b;
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

/// What is known of a task without comparing its items.
struct TaskContents {
    reports::data::Documents documents;
    std::set<std::string> metrics;  ///< that an item has a score of
};

TaskContents contents_of(const store::RunStore& runs, const store::RunTaskRow& task) {
    TaskContents contents;
    store::TaskColumns columns =
        store::ScoreStore(runs.database()).task_columns(task.id, stored_text_hashes(contents.documents));
    for (const store::ScoreColumn& column : columns.columns) {
        if (column.scorer == task.scorer.id) contents.metrics.insert(column.metric);
    }
    contents.documents.numbers = std::move(columns.docs);
    contents.documents.imported = is_imported(task);
    return contents;
}

std::vector<std::uint64_t> numbers_of(const reports::data::Documents& documents,
                                      const std::vector<std::size_t>& indices) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(indices.size());
    for (const std::size_t index : indices) numbers.push_back(documents.numbers[index]);
    return numbers;
}

/// A task that both runs have.
struct SharedTask {
    store::RunTaskRow first;
    store::RunTaskRow second;
};

Rules rules_of(const SharedTask& task, const std::vector<std::string>& unshared, double tolerance) {
    Rules rules{.tolerance = tolerance,
                .unshared_metrics = {unshared.begin(), unshared.end()},
                .as_reference = is_imported(task.first) || is_imported(task.second),
                .stop_strings = stop_strings(task.first)};
    const std::vector<std::string> others = stop_strings(task.second);
    rules.stop_strings.insert(rules.stop_strings.end(), others.begin(), others.end());
    return rules;
}

/// Numbers of a document in the two runs.
using DocumentPair = std::pair<std::uint64_t, std::uint64_t>;

/// Sets what is said of the task's documents and metrics; the pairs to compare, in order.
std::vector<DocumentPair> pair_task(const store::RunStore& runs, const SharedTask& task, TaskDifference& result) {
    using reports::sections::Pairing;
    auto [first, of_first] = contents_of(runs, task.first);
    auto [second, of_second] = contents_of(runs, task.second);
    std::set_symmetric_difference(of_first.begin(), of_first.end(), of_second.begin(), of_second.end(),
                                  std::back_inserter(result.unshared_metrics));
    make_hashes_comparable(runs, {{task.first.id, &first}, {task.second.id, &second}});
    const Pairing pairing = reports::sections::pair_documents(first, second);
    result.by_number = pairing.by == Pairing::By::Number && first.imported != second.imported;
    result.only_first = numbers_of(first, pairing.only_a);
    result.only_second = numbers_of(second, pairing.only_b);
    result.compared = pairing.pairs.size();
    std::vector<DocumentPair> pairs;
    pairs.reserve(pairing.pairs.size());
    for (const auto& [in_first, in_second] : pairing.pairs)
        pairs.emplace_back(first.numbers[in_first], second.numbers[in_second]);
    return pairs;
}

}  // namespace

class ItemDifferences::Impl {
public:
    Impl(const store::RunStore& runs, const store::RunRow& first, const store::RunRow& second, double tolerance)
        : runs_(runs),
          summary_{.first = first.id,
                   .second = second.id,
                   .tolerance = tolerance,
                   .runs = {settings_view(runs, first), settings_view(runs, second)},
                   .tasks = {},
                   .only_first = {},
                   .only_second = {}} {
        const std::vector<store::RunTaskRow> others = runs.tasks(second.id);
        std::set<std::string> shared;
        for (const store::RunTaskRow& task : runs.tasks(first.id)) {
            const auto other =
                std::find_if(others.begin(), others.end(), [&task](const auto& row) { return row.task == task.task; });
            if (other == others.end()) {
                summary_.only_first.push_back(task.task);
                continue;
            }
            shared.insert(task.task);
            compare_task({task, *other});
        }
        for (const store::RunTaskRow& task : others) {
            if (!shared.contains(task.task)) summary_.only_second.push_back(task.task);
        }
    }

    const RunDifference& summary() const { return summary_; }

    reports::data::ItemStream items(std::size_t most) const {
        reports::data::ItemStream stream;
        for (const Compared& compared : compared_) stream.counts.push_back(compared.counts);
        stream.items = [this, most](std::size_t task, const Use& use) { for_each(task, most, use); };
        return stream;
    }

private:
    using Use = reports::data::ItemStream::Use;

    void for_each(std::size_t index, std::size_t most, const Use& use) const {
        const Compared& compared = compared_.at(index);
        TaskDifference ignored;  // counted in the first reading
        Comparer comparer(ignored, compared.rules);
        const std::span<const DocumentPair> different(compared.different);
        compare_pairs(compared.task, different.first(std::min(most, different.size())), comparer, use);
    }

    /// A task, and the documents of it that differ.
    struct Compared {
        SharedTask task;
        Rules rules;
        std::vector<DocumentPair> different;
        reports::data::DifferenceCounts counts;
    };

    void compare_task(SharedTask task) {
        TaskDifference result;
        result.task = task.first.task;
        const std::vector<DocumentPair> pairs = pair_task(runs_, task, result);
        Compared compared{.task = std::move(task), .rules = {}, .different = {}, .counts = {}};
        compared.rules = rules_of(compared.task, result.unshared_metrics, summary_.tolerance);
        Comparer comparer(result, compared.rules);
        compare_pairs(compared.task, pairs, comparer, [&](const ItemDifference& item) {
            compared.counts.add(item);
            compared.different.emplace_back(item.doc, item.second_doc);
        });
        summary_.tasks.push_back(std::move(result));
        compared_.push_back(std::move(compared));
    }

    void compare_pairs(const SharedTask& task, std::span<const DocumentPair> pairs, Comparer& comparer,
                       const Use& use) const {
        store::ItemViewFinder of_first(runs_.database(), task.first.id);
        store::ItemViewFinder of_second(runs_.database(), task.second.id);
        for (const auto& [first, second] : pairs) {
            if (const auto item = comparer.compare(of_first.at(first), of_second.at(second))) use(*item);
        }
    }

    const store::RunStore& runs_;
    RunDifference summary_;
    std::vector<Compared> compared_;  ///< by index of summary_.tasks
};

ItemDifferences::ItemDifferences(const store::RunStore& runs, const store::RunRow& first, const store::RunRow& second,
                                 double tolerance)
    : impl_(std::make_unique<Impl>(runs, first, second, tolerance)) {}
ItemDifferences::~ItemDifferences() = default;

const RunDifference& ItemDifferences::summary() const {
    return impl_->summary();
}

reports::data::ItemStream ItemDifferences::items(std::size_t most) const {
    return impl_->items(most);
}

RunDifference item_differences(const store::RunStore& runs, const store::RunRow& first, const store::RunRow& second,
                               double tolerance) {
    const store::ReadTransaction one_moment(runs.database());
    const ItemDifferences differences(runs, first, second, tolerance);
    RunDifference result = differences.summary();
    const reports::data::ItemStream stream = differences.items();
    for (std::size_t task = 0; task < result.tasks.size(); ++task)
        stream.items(task, [&](const ItemDifference& item) { result.tasks[task].items.push_back(item); });
    return result;
}

}  // namespace harness::results
