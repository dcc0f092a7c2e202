#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace suites {

namespace definition {
struct Cluster;
}

/// Which documents of a task belong together because they share a passage, a subject or a dialogue: the field "cluster"
/// of its definition. Scores of one cluster depend on each other, which widens errors and changes no score.
class ClusterRule {
public:
    /// nullopt where the definition has no clusters, or some that this build cannot read.
    static std::optional<ClusterRule> of_definition(const nlohmann::json& definition);

    /// What the documents of a cluster share: "passage".
    const std::string& name() const;
    /// The cluster of a document as it is stored, JSON. nullopt where the document cannot be read or lacks a field.
    std::optional<std::string> of_document(std::string_view document) const;

private:
    explicit ClusterRule(std::shared_ptr<const definition::Cluster> rule) : rule_(std::move(rule)) {}
    std::shared_ptr<const definition::Cluster> rule_;
};

}  // namespace suites
