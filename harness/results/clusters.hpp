#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/task.hpp"
#include "suites/catalog.hpp"
#include "suites/cluster.hpp"

namespace harness::results {

/// The clusters of a stored task's definition; where it has none (an older run, another tool's log) those of the
/// catalogue's task of this name and profile.
std::optional<suites::ClusterRule> cluster_rule(const store::RunTaskRow& task, const suites::Catalog& catalog);

/// The clusters of a task's items, in the order of `documents`. Without clusters if a document lacks a field that they
/// need.
reports::data::Clusters clusters_of(const suites::ClusterRule& rule, const std::vector<store::DocumentRow>& documents);

/// The same of the items of a stored task.
reports::data::Clusters clusters_of(const suites::ClusterRule& rule, const store::RunStore& runs,
                                    std::int64_t run_task);

/// Clusters of the task, and the errors of its metrics over them. No value changes.
void set_clusters(reports::data::Clusters clusters, reports::data::TaskView& task);

}  // namespace harness::results
