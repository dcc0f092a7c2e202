#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/documents.hpp"
#include "reports/data/item.hpp"
#include "reports/data/setting.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// One metric of one task of one run. `values[i]` belongs to item i; none is unscored.
struct MetricValues {
    std::string name;
    bool higher_is_better = true;
    /// What the harness computed over the items (means and perplexities alike).
    double value = 0;
    double standard_error = 0;
    /// Per item, for means: used for intervals and paired comparison. Empty for perplexities.
    ItemValues values;
    /// How many items `value` is of, where `values` is empty. None: all that have no error.
    std::optional<std::size_t> scored = std::nullopt;
    Scale scale = Scale::Plain;
};

/// How many items of a task had something wrong with them apart from a wrong answer.
struct CounterView {
    std::string name;  ///< "extraction_failed,strict-match"
    std::uint64_t items = 0;
};

/// Items that failed alike.
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
    std::uint64_t planned = 0;  ///< items of the whole task; more than `items` while a run is unfinished; 0: not known
    Documents docs;
    Settings settings;    ///< of this task alone
    Settings definition;  ///< fields of the task's definition, each as JSON
    std::vector<MetricValues> metrics;
    std::vector<CounterView> counters;
    std::vector<ErrorView> reasons;  ///< of the errors, most frequent first
    std::vector<ItemView> shown;     ///< for browsing; may be fewer than `items`
};

}  // namespace reports::data
