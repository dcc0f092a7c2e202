#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// Verdict on an item by one metric.
struct Judged {
    enum class Verdict { Correct, Wrong, Partial, Unscored, Error, Missing } verdict = Verdict::Missing;
    std::optional<double> score;
};

/// A document in one run.
struct BrowsedItem {
    const data::ItemView* item = nullptr;  ///< null: not shown, or the run has no such item
    bool exists = false;                   ///< the run has the item, shown or not
    Judged judged;
};

/// How much a reader of a comparison wants to see a document, most first.
enum class Interest { Differs, Error, Wrong, Rest };

/// A document with its items in all runs that have its task.
struct BrowsedDocument {
    std::uint64_t doc = 0;           ///< its number in the first run that has it
    std::size_t side = 0;            ///< index of that run in `BrowsedTask::runs`; with `doc` unique in the task
    std::vector<BrowsedItem> items;  ///< by index of `BrowsedTask::runs`

    /// Whether the verdicts of the shown items differ.
    bool differs() const;
    bool any(Judged::Verdict verdict) const;
    Interest interest() const;
    /// The first shown item with an exchange, else the first shown item. Not null.
    const data::ItemView& first_item() const;
    /// The prompt of all exchanges in all runs; null when prompts differ.
    const std::string* shared_prompt() const;
};

/// A task with the runs that have it, in the order of the runs.
struct BrowsedTask {
    std::vector<std::size_t> runs;             ///< indices of runs
    std::vector<const data::TaskView*> tasks;  ///< the task in each of these runs; the first gives the displayed name
    /// The metric of the verdicts: the first with scores per item. Null when there is none.
    const data::MetricValues* metric = nullptr;
    std::vector<BrowsedDocument> documents;  ///< documents shown by at least one run, paired by pair_documents
};

/// The tasks of the runs, each once. Result points into `runs`.
std::vector<BrowsedTask> tasks_without_documents(const std::vector<data::RunView>& runs);
/// Result points into `runs`. Tasks without shown items are left out.
std::vector<BrowsedTask> browsed_tasks(const std::vector<data::RunView>& runs);

/// Whether exchange `index` is a correct one: a choice whose index `item.target` lists.
bool is_target(const data::ItemView& item, std::size_t index);

/// What went wrong with a shown item other than its answer, as kinds to filter by: its error with numbers as "N", the
/// counters that it raised, no score, a limit that its answer or its prompt met. Hostile text.
std::vector<std::string> problems_of(const BrowsedItem& browsed, const data::TaskView& task);

/// The question without few-shot examples: the end of the prompt from its last blank line on, as one line.
std::string question_of(std::string_view prompt);

}  // namespace reports::sections
