#include "suites/definition/cluster.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "suites/cluster.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"

namespace suites::definition {

Cluster parse_cluster(const nlohmann::json& object) {
    constexpr std::size_t kMaxName = 40;
    if (!object.is_object() || object.size() != 1 || !object.begin()->is_string())
        throw SuiteError(
            "must be an object with one template, which says what documents share: {\"passage\": \"{{context}}\"}");
    const std::string& name = object.begin().key();
    if (name.empty() || name.size() > kMaxName ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_- ") != std::string::npos)
        throw SuiteError(
            fmt::format("has '{}'; what documents share is named by at most {} lower-case letters, digits, "
                        "spaces, _ and -",
                        name, kMaxName));
    const auto& form = object.begin()->get_ref<const std::string&>();
    if (form.empty()) throw SuiteError(fmt::format("has an empty template for '{}'", name));
    return {.name = name, .value = Template::parse(form)};
}

}  // namespace suites::definition

namespace suites {
namespace {

/// The one document that the transform makes of a row; null where it makes none or several, or refuses the row.
Row made_of(const Row& row, transforms::DocumentTransform transform) {
    if (transform == nullptr) return nullptr;
    try {
        std::vector<Row> made = transform(row);
        return made.size() == 1 ? std::move(made.front()) : Row();
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace

std::optional<ClusterRule> ClusterRule::of_definition(const nlohmann::json& definition) {
    if (!definition.is_object() || !definition.contains("cluster")) return std::nullopt;
    try {
        definition::Cluster cluster = definition::parse_cluster(definition["cluster"]);
        const auto document = definition.find("document");
        if (document != definition.end() && document->is_string())
            cluster.document = transforms::find_document_transform(document->get<std::string>());
        return ClusterRule(std::make_shared<const definition::Cluster>(std::move(cluster)));
    } catch (const SuiteError&) {
        return std::nullopt;
    }
}

const std::string& ClusterRule::name() const {
    return rule_->name;
}

std::optional<std::string> ClusterRule::of_document(std::string_view document) const {
    try {
        const Row row = parse_row(document);
        // A document of several of one row is stored as it was made, any other as the row of the file.
        const Row made = made_of(row, rule_->document);
        return rule_->value.fill(made.is_null() ? row : made);
    } catch (const SuiteError&) {
        return std::nullopt;
    }
}

}  // namespace suites
