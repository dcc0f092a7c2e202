#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::gate {

/// At which look of a sequential gate each item is seen first. The items of every task are in an order that depends
/// only on the seed, the task's name and the documents, and each look has the same number of them, give or take one.
class Looks {
public:
    /// `baseline` has the contents of its documents; `count` is at least 1.
    Looks(const data::RunView& baseline, std::uint64_t seed, std::size_t count);

    std::size_t count() const { return count_; }
    /// Look of each item of a task, from 1, by the contents of its documents: the nth of equal documents is the
    /// baseline's nth. Documents that the baseline lacks belong to the first look, which shows them.
    std::vector<std::size_t> of(const std::string& task, const std::vector<std::uint64_t>& contents) const;
    /// The run with the items of the first looks only: [task] says how many; tasks without an entry are left out.
    data::RunView first(const data::RunView& run, const std::map<std::string, std::size_t>& looks) const;

private:
    std::size_t count_;
    std::map<std::string, std::map<std::uint64_t, std::vector<std::size_t>>> look_of_;  ///< [task][content]
};

}  // namespace reports::gate
