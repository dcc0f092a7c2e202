#pragma once

#include <string_view>
#include <vector>

#include "harness/store/rows.hpp"
#include "suites/catalog.hpp"

namespace harness::run {

/// The groups of a comma list of tasks and groups, and those inside them, as a run keeps them: their numbers can then
/// be shown where the catalogue does not have them. A family inside a group is a group of its tasks, weighted by
/// documents.
std::vector<store::GroupRow> asked_groups(const suites::Catalog& catalog, std::string_view comma_list);

}  // namespace harness::run
