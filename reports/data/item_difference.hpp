#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::data {

/// A value in each of two runs; nullopt where the run has none.
template <class Value>
struct Both {
    std::optional<Value> first;
    std::optional<Value> second;
};

/// A request that differs between the runs. Only differing fields are set.
struct RequestDifference {
    std::size_t position = 0;  ///< index among the item's requests
    std::optional<Both<std::string>> prompt;
    std::optional<Both<std::string>> continuation;
    std::optional<Both<std::string>> output;
    std::optional<Both<double>> logprob;
};

struct ItemDifference {
    std::uint64_t doc = 0;         ///< document number in the first run
    std::uint64_t second_doc = 0;  ///< document number in the second run
    std::vector<RequestDifference> requests;
    std::map<std::string, Both<double>> verdicts;  ///< by metric; none: unscored
    std::optional<Both<std::string>> error;
};

/// Differences of one task in two runs, item by item.
struct TaskDifference {
    std::string task;
    std::uint64_t compared = 0;             ///< number of documents that both runs have
    bool by_number = false;                 ///< paired by number because the two tools stored different columns
    std::vector<std::uint64_t> only_first;  ///< documents
    std::vector<std::uint64_t> only_second;
    std::vector<std::string> unshared_metrics;  ///< metrics that only one run has
    std::vector<ItemDifference> items;          ///< differing items, sorted by document
    std::uint64_t same_as_kept = 0;             ///< outputs that are equal only in the other tool's stored form
    double largest_logprob = 0;  ///< max absolute difference over all requests, those within the tolerance included
    std::uint64_t scored = 0;    ///< requests with a log-probability
    double mean_logprob = 0;     ///< mean absolute difference over these requests

    /// Number of items with a difference of that kind.
    std::size_t prompts() const;
    std::size_t continuations() const;
    std::size_t outputs() const;
    std::size_t logprobs() const;
    std::size_t verdicts() const;
    /// Documents whose verdict differs.
    std::vector<std::uint64_t> changed_verdicts() const;
};

struct RunDifference {
    std::int64_t first = 0;
    std::int64_t second = 0;
    double tolerance = 0;
    std::vector<RunView> runs;  ///< the two runs, with their settings and without numbers
    std::vector<TaskDifference> tasks;
    std::vector<std::string> only_first;  ///< tasks
    std::vector<std::string> only_second;

    bool identical() const;
};

}  // namespace reports::data
