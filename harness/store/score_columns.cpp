#include "harness/store/score_columns.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "harness/store/database.hpp"

namespace harness::store {
namespace {

using Values = std::vector<std::optional<double>>;

/// Counts items by their error.
class ErrorCounts {
public:
    ErrorCounts(std::int64_t run_task, std::vector<ErrorCount>& errors) : run_task_(run_task), errors_(errors) {}

    void add(const std::string& error, std::uint64_t doc) {
        const auto [known, fresh] = index_.try_emplace(error, errors_.size());
        if (fresh) errors_.push_back({.run_task = run_task_, .error = error, .items = 0, .first_doc = doc});
        ++errors_[known->second].items;
    }

private:
    std::int64_t run_task_;
    std::vector<ErrorCount>& errors_;
    std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace

TaskColumns ScoreColumns::read(std::int64_t run_task, std::int64_t scorer, const UseDocument& use) {
    TaskColumns task{.run_task = run_task, .docs = {}, .failed = {}, .columns = {}};
    const ItemRanges ranges = read_items(run_task, use, task);
    items_read_ = task.docs.size();
    columns_.clear();
    read_scores(own_, Source::Own, scorer, ranges);
    if (has_later_.bind().run_for_integer() == 1) read_scores(later_, Source::Later, scorer, ranges);
    if (has_answers_.bind().run_for_integer() == 1) read_scores(answers_, Source::Answers, scorer, ranges);
    std::sort(columns_.begin(), columns_.end(), [](const Begun& a, const Begun& b) {
        return std::tie(a.first_item, a.source, a.column.scorer, a.column.metric) <
               std::tie(b.first_item, b.source, b.column.scorer, b.column.metric);
    });
    for (Begun& begun : columns_) task.columns.push_back(std::move(begun.column));
    columns_.clear();
    return task;
}

ItemRanges ScoreColumns::read_items(std::int64_t run_task, const UseDocument& use, TaskColumns& task) {
    ItemRanges ranges;
    ErrorCounts errors(run_task, task.errors);
    Statement& items = use ? documents_ : items_;
    items.bind(run_task);
    while (items.step()) {
        const std::uint64_t doc = items.count(1);
        ranges.add(items.integer(0), task.docs.size());
        task.docs.push_back(doc);
        const std::string_view error = items.view(2);
        task.failed.push_back(!error.empty());
        if (!error.empty()) errors.add(std::string(error), doc);
        if (use) use({doc, items.view(3), items.view(4)});
    }
    ranges.sort();
    return ranges;
}

void ScoreColumns::read_scores(Statement& rows, Source source, std::int64_t own_scorer, const ItemRanges& ranges) {
    constexpr int kScorer = 3;
    next_ = 0;
    ranges.read(rows, [&](std::size_t item) {
        const std::int64_t scorer = source == Source::Own ? own_scorer : rows.integer(kScorer);
        Begun& begun = column_of(scorer, rows.view(1), source, item);
        if (!rows.is_null(2)) begun.column.values[item] = rows.real(2);
    });
}

/// Fast because items of a task nearly always have the same metrics in the same order.
ScoreColumns::Begun& ScoreColumns::column_of(std::int64_t scorer, std::string_view metric, Source source,
                                             std::size_t item) {
    const auto is_wanted = [&](const Begun& begun) {
        return begun.column.scorer == scorer && begun.column.metric == metric;
    };
    if (next_ >= columns_.size()) next_ = 0;
    if (next_ >= columns_.size() || !is_wanted(columns_[next_])) {
        const auto found = std::find_if(columns_.begin(), columns_.end(), is_wanted);
        next_ = static_cast<std::size_t>(found - columns_.begin());
        if (found == columns_.end())
            columns_.push_back({ScoreColumn{std::string(metric), scorer, Values(items_read_)}, item, source});
    }
    Begun& begun = columns_[next_++];
    if (std::tie(item, source) < std::tie(begun.first_item, begun.source)) {
        begun.first_item = item;
        begun.source = source;
    }
    return begun;
}

}  // namespace harness::store
