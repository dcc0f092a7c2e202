#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// Document numbers by run and by task of the run, ascending.
using ChosenDocuments = std::vector<std::vector<std::vector<std::uint64_t>>>;

struct DocumentLimits {
    std::size_t per_task = 0;
    std::size_t in_all = 0;
};

/// Which documents of the runs are worth reading, from their scores alone: in each task those on which the runs differ
/// first, then those without a score, then those that a run has wrong, then the rest, each in the order of documents. A
/// document counts once, however many runs have it. Where `in_all` is too little for all tasks they get equal shares,
/// and small tasks leave to others what they do not need.
ChosenDocuments documents_to_show(const std::vector<data::RunView>& runs, const DocumentLimits& limits);

/// `total` divided among parties that want no more than `wanted`: equal shares, except that nobody gets more than it
/// wants.
std::vector<std::size_t> equal_shares(const std::vector<std::size_t>& wanted, std::size_t total);

}  // namespace reports::sections
