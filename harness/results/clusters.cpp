#include "harness/results/clusters.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "harness/base/json.hpp"
#include "reports/statistics/clustered_mean.hpp"

namespace harness::results {
namespace {

/// The error of a metric over the clusters of its scored items.
void set_error(const reports::data::Clusters& clusters, reports::data::MetricValues& metric) {
    std::vector<double> values;
    std::vector<std::size_t> cluster_of;
    for (std::size_t item = 0; item < metric.values.size(); ++item) {
        if (!metric.values[item]) continue;
        values.push_back(*metric.values[item]);
        cluster_of.push_back(clusters.of.at(item));
    }
    const auto mean = reports::statistics::clustered_mean(values, cluster_of);
    if (!mean || !mean->standard_error || mean->clusters == mean->items) return;
    metric.standard_error = *mean->standard_error;
    metric.clusters = mean->clusters;
}

}  // namespace

std::optional<suites::ClusterRule> cluster_rule(const store::RunTaskRow& task, const suites::Catalog& catalog) {
    if (auto stored = suites::ClusterRule::of_definition(base::json_or_null(task.definition_json))) return stored;
    const suites::Task* known = catalog.find(task.task);
    if (known == nullptr || known->profile() != task.profile) return std::nullopt;
    return suites::ClusterRule::of_definition(base::json_or_null(known->definition()));
}

reports::data::Clusters clusters_of(const suites::ClusterRule& rule, const std::vector<store::DocumentRow>& documents) {
    reports::data::Clusters clusters{.by = rule.name()};
    std::unordered_map<std::string, std::size_t> known;
    for (const store::DocumentRow& document : documents) {
        std::optional<std::string> cluster = rule.of_document(document.document_json);
        if (!cluster) return {};
        clusters.of.push_back(known.try_emplace(*std::move(cluster), known.size()).first->second);
    }
    clusters.count = known.size();
    return clusters;
}

void set_clusters(reports::data::Clusters clusters, reports::data::TaskView& task) {
    task.clusters = std::move(clusters);
    if (!task.clusters.matter()) return;
    for (reports::data::MetricValues& metric : task.metrics) set_error(task.clusters, metric);
}

}  // namespace harness::results
