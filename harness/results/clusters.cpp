#include "harness/results/clusters.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "harness/base/json.hpp"
#include "harness/store/document_reader.hpp"
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
    metric.degrees_of_freedom = mean->degrees_of_freedom;
    metric.skewness = mean->skewness;
}

/// Numbers clusters in the order in which they appear.
class Numbering {
public:
    explicit Numbering(const suites::ClusterRule& rule) : rule_(rule) { clusters_.by = rule.name(); }

    void add(std::string_view document) {
        if (is_broken_) return;
        std::optional<std::string> cluster = rule_.of_document(document);
        is_broken_ = !cluster;
        if (cluster) clusters_.of.push_back(known_.try_emplace(*std::move(cluster), known_.size()).first->second);
    }

    /// None if a document lacked a field that they need.
    reports::data::Clusters clusters() {
        if (is_broken_) return {};
        clusters_.count = known_.size();
        return std::move(clusters_);
    }

private:
    const suites::ClusterRule& rule_;
    reports::data::Clusters clusters_;
    std::unordered_map<std::string, std::size_t> known_;
    bool is_broken_ = false;
};

}  // namespace

std::optional<suites::ClusterRule> cluster_rule(const store::RunTaskRow& task, const suites::Catalog& catalog) {
    if (auto stored = suites::ClusterRule::of_definition(base::json_or_null(task.definition_json))) return stored;
    const suites::Task* known = catalog.find(task.task);
    if (known == nullptr || known->profile() != task.profile) return std::nullopt;
    return suites::ClusterRule::of_definition(base::json_or_null(known->definition()));
}

reports::data::Clusters clusters_of(const suites::ClusterRule& rule, const std::vector<store::DocumentRow>& documents) {
    Numbering numbering(rule);
    for (const store::DocumentRow& document : documents) numbering.add(document.document_json);
    return numbering.clusters();
}

reports::data::Clusters clusters_of(const suites::ClusterRule& rule, const store::RunStore& runs,
                                    std::int64_t run_task) {
    Numbering numbering(rule);
    store::DocumentReader(runs.database()).read(run_task, [&numbering](const store::DocumentView& item) {
        numbering.add(item.document_json);
    });
    return numbering.clusters();
}

void set_clusters(reports::data::Clusters clusters, reports::data::TaskView& task) {
    task.clusters = std::move(clusters);
    if (!task.clusters.matter()) return;
    for (reports::data::MetricValues& metric : task.metrics) set_error(task.clusters, metric);
}

}  // namespace harness::results
