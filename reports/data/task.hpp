#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/clusters.hpp"
#include "reports/data/documents.hpp"
#include "reports/data/item.hpp"
#include "reports/data/setting.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// The scorer that gave a metric's values to stored answers afterwards. Hostile text.
struct ScorerIdentity {
    std::string option = {};   ///< how a policy names it: "refusal", "judge:guard", "reward:safe"
    std::string measure = {};  ///< what it measures: "refusal", "violation", "reward"
    std::string version = {};  ///< version, model and prompt: values of another version are not comparable

    friend bool operator==(const ScorerIdentity&, const ScorerIdentity&) = default;
};

/// One metric of a task in a run. `values[i]` belongs to item i; nullopt: unscored.
struct MetricValues {
    std::string name;
    bool higher_is_better = true;
    /// The aggregate that the harness computed (a mean or a perplexity).
    double value = 0;
    double standard_error = 0;
    /// Score per item, for means: used for intervals and paired comparison. Empty for perplexities.
    ItemValues values;
    /// Number of items behind `value` if `values` is empty. nullopt: all items without an error.
    std::optional<std::size_t> scored = std::nullopt;
    Scale scale = Scale::Plain;
    /// Gates only: how much each of `values` weighs, such as a document's words; empty: all alike. Of a metric with
    /// Scale::Exponential the `values` are then logarithms: the metric is the exponential of their weighted mean.
    std::vector<double> weights = {};
    /// Gates only: the values of each repeat of the answers, [repeat][item]; `values` are their means.
    std::vector<ItemValues> repeats = {};
    ScorerIdentity scorer = {};  ///< gates only; an empty option: the task's own
    std::size_t clusters = 0;    ///< that the standard error is over; 0: every item stands alone
    /// Of a standard error over clusters: statistics::ClusteredMean's. Without clusters not set.
    double degrees_of_freedom = 0;
    double skewness = 0;
    bool is_later = false;  ///< given by a scorer that read the stored answers, not by the task's own grader
};

/// Categories of a task's items, such as the kinds of harm of a prompt set.
struct Categories {
    std::vector<std::string> names = {};      ///< hostile text
    std::vector<std::uint32_t> of_item = {};  ///< [item] index in `names`; names.size(): none. Empty: no item has one
};

/// Number of a task's items with a problem other than a wrong answer.
struct CounterView {
    std::string name;  ///< "extraction_failed,strict-match"
    std::uint64_t items = 0;
};

/// Items with the same kind of error.
struct ErrorView {
    std::string reason;  ///< the message; where only its numbers differ between items, they are a range ("3 to 17")
    std::uint64_t items = 0;
    std::uint64_t first_doc = 0;
};

struct TaskView {
    std::string task;
    std::string profile;
    std::uint32_t version = 0;
    std::uint32_t fewshot = 0;
    std::uint64_t items = 0;
    std::uint64_t errors = 0;
    std::uint64_t planned = 0;  ///< items of the whole task; more than `items` while a run is unfinished; 0: unknown
    Documents docs;
    Categories categories;
    Settings settings;    ///< of this task alone
    Settings definition;  ///< fields of the task's definition, each as JSON
    std::vector<MetricValues> metrics;
    std::vector<CounterView> counters;
    std::vector<ErrorView> reasons;  ///< reasons of errors, most frequent first
    bool has_harmful_text = false;   ///< its prompts ask for harm: items are shown after a warning only
    std::vector<ItemView> shown;     ///< items for browsing; may be fewer than `items`
    Clusters clusters = {};          ///< of the items
};

}  // namespace reports::data
