#include "suites/expand.hpp"

#include <fmt/format.h>

#include "suites/fields.hpp"
#include "suites/task.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr int kDeepest = 8;
constexpr std::size_t kMostSubtasks = 1000;

json follow_extends(const json& file, const std::string& where, const FindBase& find_base, int depth) {
    const Fields fields(file, where);
    if (!fields.has("extends")) return file;
    const std::string base = fields.text("extends");
    if (depth == kDeepest)
        fields.fail("extends", fmt::format("goes through more than {} files; does a task extend itself?", kDeepest));
    const json* found = find_base(base);
    if (found == nullptr)
        fields.fail("extends", fmt::format("names '{}', and there is no task file of that name", base));
    json merged = follow_extends(*found, where, find_base, depth + 1);
    json changes = file;
    changes.erase("extends");
    merged.merge_patch(changes);
    return merged;
}

/// Every `{{key}}` and `{{key|transform}}` whose key is a parameter; all else stays for the rows.
std::string with_parameters(const std::string& text, const json& parameters) {
    std::string result;
    std::size_t at = 0;
    for (std::size_t open = 0; (open = text.find("{{", at)) != std::string::npos;) {
        const std::size_t close = text.find("}}", open);
        if (close == std::string::npos) break;
        const std::string inside = text.substr(open + 2, close - open - 2);
        result.append(text, at, open - at);
        if (parameters.contains(inside.substr(0, inside.find('|')))) {
            result += FieldPath::parse(inside).text(parameters);
        } else {
            result.append(text, open, close + 2 - open);
        }
        at = close + 2;
    }
    return result.append(text, at);
}

void substitute(json& value, const json& parameters) {
    if (value.is_string()) {
        value = with_parameters(value.get<std::string>(), parameters);
    } else if (value.is_structured()) {
        for (json& member : value) substitute(member, parameters);
    }
}

json parameters_of(const Fields& fields, const json& entry) {
    json parameters = entry.is_string() ? json{{"subtask", entry}} : entry;
    const bool named = parameters.is_object() && parameters.contains("subtask");
    if (!named)
        fields.fail(
            "subtasks",
            "must be a list of texts, or of objects such as {\"subtask\": \"anatomy\", \"title\": \"human anatomy\"}");
    for (const auto& [key, value] : parameters.items()) {
        if (!value.is_string())
            fields.fail("subtasks", fmt::format("has '{}' in {}, which must be a text", key, entry.dump()));
    }
    return parameters;
}

}  // namespace

std::vector<json> expand_definition(const json& file, const std::string& where, const FindBase& find_base) {
    json merged = follow_extends(file, where, find_base, 0);
    const Fields fields(merged, where);
    if (!fields.has("subtasks")) return {std::move(merged)};
    const json& subtasks = fields["subtasks"];
    if (!subtasks.is_array() || subtasks.empty() || subtasks.size() > kMostSubtasks) {
        fields.fail("subtasks", fmt::format("must be a list of 1 to {} subtasks", kMostSubtasks));
    }
    if (fields.text("name").find("{{subtask") == std::string::npos) {
        fields.fail("name", "must have {{subtask}} in it, so that each subtask has a name of its own");
    }
    std::vector<json> definitions;
    for (const json& entry : subtasks) {
        json definition = merged;
        definition.erase("subtasks");
        try {
            substitute(definition, parameters_of(fields, entry));
        } catch (const SuiteError& error) {
            throw SuiteError(std::string(error.what()).starts_with(where)
                                 ? error.what()
                                 : fmt::format("{}: field \"subtasks\" {}", where, error.what()));
        }
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

}  // namespace suites
