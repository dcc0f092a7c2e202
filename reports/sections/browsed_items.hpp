#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// How an item went by one metric.
struct Judged {
    enum class Verdict { Correct, Wrong, Partial, Unscored, Error, Missing } verdict = Verdict::Missing;
    std::optional<double> score;
};

/// What one run has of a document.
struct BrowsedItem {
    const data::ItemView* item = nullptr;  ///< null: not among the items shown, or there is none
    bool exists = false;                   ///< the run has the item, shown or not
    Judged judged;
};

/// A document with the items of all runs that have its task.
struct BrowsedDocument {
    std::uint64_t doc = 0;           ///< its number in the first of them that has it
    std::vector<BrowsedItem> items;  ///< by index of `BrowsedTask::runs`

    /// The items that are shown are not all judged alike.
    bool differs() const;
    bool any(Judged::Verdict verdict) const;
    /// The first item that is shown and was asked something, else the first that is shown. Not null.
    const data::ItemView& first_item() const;
    /// The prompt that all runs got in all exchanges; null when they differ.
    const std::string* shared_prompt() const;
};

/// A task with the runs that have it, in the runs' order.
struct BrowsedTask {
    std::vector<std::size_t> runs;             ///< indices of runs
    std::vector<const data::TaskView*> tasks;  ///< of those runs; the first is what it is called by
    /// The metric that documents are judged by: the first with scores per item. Null when there is none.
    const data::MetricValues* metric = nullptr;
    std::vector<BrowsedDocument> documents;  ///< those that some run shows, paired by pair_documents
};

/// Points into `runs`. Tasks of which no run shows an item are left out.
std::vector<BrowsedTask> browsed_tasks(const std::vector<data::RunView>& runs);

/// Whether exchange `index` is an expected one: it is a choice and `item.target` lists its index.
bool is_target(const data::ItemView& item, std::size_t index);

/// What is asked, without few-shot examples before it: the end of the prompt from its last blank line on, on one line.
std::string question_of(std::string_view prompt);

}  // namespace reports::sections
