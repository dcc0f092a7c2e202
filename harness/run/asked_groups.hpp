#pragma once

#include <string_view>
#include <vector>

#include "harness/store/rows.hpp"
#include "suites/catalog.hpp"

namespace harness::run {

/// The groups in a comma list of tasks and groups, with nested groups, as a run stores them: their numbers can then be
/// shown even where the catalogue lacks them. A family inside a group is stored as a group of its tasks, weighted by
/// documents.
std::vector<store::GroupRow> asked_groups(const suites::Catalog& catalog, std::string_view comma_list);

}  // namespace harness::run
