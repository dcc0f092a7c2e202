#include "harness/cli/output_schemas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using nlohmann::ordered_json;

const std::map<std::string, const char*, std::less<>> kSchemas = {
#include "harness/cli/schemas.inc"
};

/// Has the parts that others refer to, and is not the schema of an output.
constexpr std::string_view kCommon = "common";
constexpr std::string_view kParts = "#/$defs/";
constexpr std::string_view kEnding = ".json";

/// Collects a schema with the parts of other schemas that it refers to. "report.json#/$defs/run" becomes
/// "#/$defs/report.run", since not every validator loads other files.
class Bundle {
public:
    explicit Bundle(const std::string& name) : name_(name), whole_(document(name)) {
        take(whole_, name);
        for (const auto& [part, body] : parts_) whole_["$defs"][part] = body;
    }
    const ordered_json& schema() const { return whole_; }

private:
    static const ordered_json& document(const std::string& name) {
        static std::map<std::string, ordered_json> parsed;
        const auto [found, is_new] = parsed.try_emplace(name);
        if (is_new) found->second = base::parse_ordered_json(kSchemas.at(name), name);
        return found->second;
    }

    /// Follows every reference inside `schema`, which comes from the document `from`.
    void take(ordered_json& schema, const std::string& from) {
        if (schema.is_object() && schema.contains("$ref") && schema["$ref"].is_string())
            schema["$ref"] = target(schema["$ref"].get<std::string>(), from);
        if (!schema.is_structured()) return;
        for (ordered_json& inner : schema) take(inner, from);
    }

    std::string target(const std::string& reference, const std::string& from) {
        const std::size_t hash = std::min(reference.find('#'), reference.size());
        const std::string file = reference.substr(0, hash);
        const std::string other = file.empty() ? from : file.substr(0, file.size() - kEnding.size());
        if (other == name_) return reference.substr(hash);
        const std::string part = hash < reference.size() ? reference.substr(hash + kParts.size()) : "";
        const std::string key = part.empty() ? other : fmt::format("{}.{}", other, part);
        if (parts_.try_emplace(key).second) {
            ordered_json body = part.empty() ? document(other) : document(other)["$defs"].at(part);
            for (const char* of_a_document : {"$schema", "$id", "title", "$defs"}) {
                if (part.empty()) body.erase(of_a_document);
            }
            take(body, other);
            parts_[key] = std::move(body);
        }
        return fmt::format("{}{}", kParts, key);
    }

    std::string name_;
    ordered_json whole_;
    std::map<std::string, ordered_json> parts_;
};

}  // namespace

std::vector<SchemaName> output_schemas() {
    std::vector<SchemaName> names;
    for (const auto& [name, text] : kSchemas) {
        if (name != kCommon) names.push_back({name, base::parse_ordered_json(text, name)["title"].get<std::string>()});
    }
    return names;
}

ordered_json output_schema(const std::string& name) {
    if (kSchemas.contains(name) && name != kCommon) return Bundle(name).schema();
    std::set<std::string> known;
    for (const SchemaName& schema : output_schemas()) known.insert(schema.name);
    const auto meant = suites::nearest(name, known);
    throw base::UsageError(fmt::format("no output has a schema '{}'{}; 'bellwether schema' lists them", name,
                                       meant ? fmt::format("; did you mean '{}'?", *meant) : ""));
}

}  // namespace harness::cli
