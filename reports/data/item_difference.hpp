#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::data {

/// Two values of the same thing in two runs; none where that run has nothing there.
template <class Value>
struct Both {
    std::optional<Value> first;
    std::optional<Value> second;
};

/// A request of an item that is not the same in both runs. Only what differs is set.
struct RequestDifference {
    std::size_t position = 0;  ///< among the item's requests
    std::optional<Both<std::string>> prompt;
    std::optional<Both<std::string>> continuation;
    std::optional<Both<std::string>> output;
    std::optional<Both<double>> logprob;
};

struct ItemDifference {
    std::uint64_t doc = 0;         ///< its number in the first run
    std::uint64_t second_doc = 0;  ///< and in the second
    std::vector<RequestDifference> requests;
    std::map<std::string, Both<double>> verdicts;  ///< by metric; none: unscored
    std::optional<Both<std::string>> error;
};

/// One task of two runs, item by item.
struct TaskDifference {
    std::string task;
    std::uint64_t compared = 0;             ///< documents that both have
    bool by_number = false;                 ///< paired by number, since the two tools stored other columns of them
    std::vector<std::uint64_t> only_first;  ///< documents
    std::vector<std::uint64_t> only_second;
    std::vector<std::string> unshared_metrics;  ///< that one run has and the other has not
    std::vector<ItemDifference> items;          ///< those that differ, by document
    std::uint64_t same_as_kept = 0;             ///< outputs that are the same only as the other tool keeps them
    double largest_logprob = 0;                 ///< difference over all requests, those within the tolerance too
    std::uint64_t scored = 0;                   ///< requests with a log-probability
    double mean_logprob = 0;                    ///< difference over these

    /// Items in which anything of that kind differs.
    std::size_t prompts() const;
    std::size_t continuations() const;
    std::size_t outputs() const;
    std::size_t logprobs() const;
    std::size_t verdicts() const;
    /// Documents whose verdict is not the same in both.
    std::vector<std::uint64_t> changed_verdicts() const;
};

struct RunDifference {
    std::int64_t first = 0;
    std::int64_t second = 0;
    double tolerance = 0;
    std::vector<RunView> runs;  ///< the two, with their settings and without numbers
    std::vector<TaskDifference> tasks;
    std::vector<std::string> only_first;  ///< tasks
    std::vector<std::string> only_second;

    bool identical() const;
};

}  // namespace reports::data
