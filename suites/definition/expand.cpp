#include "suites/definition/expand.hpp"

#include <fmt/format.h>

#include "suites/definition/fields.hpp"
#include "suites/error.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxSubtasks = 1000;

constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

json follow_extends(const json& file, const std::string& where, const Bases& bases, int depth) {
    const Fields fields(file, where);
    if (!fields.has("extends")) return file;
    const std::string base = fields.text("extends");
    if (depth == kMaxDepth)
        fields.fail("extends", fmt::format("goes through more than {} files; does a task extend itself?", kMaxDepth));
    const json* found = bases.find(base);
    if (found == nullptr)
        fields.fail("extends", fmt::format("names '{}', and there is no task file of that name{}", base,
                                           suggestion(base, bases.names())));
    json merged = follow_extends(*found, where, bases, depth + 1);
    json changes = file;
    changes.erase("extends");
    merged.merge_patch(changes);
    return merged;
}

/// Replaces every `{{key}}` and `{{key|transform}}` whose key is a parameter; others are left for the rows. `room`:
/// bytes that may still be written.
std::string with_parameters(const std::string& text, const json& parameters, std::size_t& room) {
    std::string result;
    std::size_t at = 0;
    const auto check_room = [&](std::size_t bytes) {
        if (bytes > room) throw SuiteError(fmt::format("have more than {} MiB of text together", kMaxTextBytes >> 20));
    };
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
        check_room(result.size());
        at = close + 2;
    }
    result.append(text, at);
    check_room(result.size());
    room -= result.size();
    return result;
}

void substitute(json& value, const json& parameters, std::size_t& room) {
    if (value.is_string()) {
        value = with_parameters(value.get<std::string>(), parameters, room);
    } else if (value.is_structured()) {
        for (json& member : value) substitute(member, parameters, room);
    }
}

json parameters_of(const Fields& fields, const json& entry) {
    json parameters = entry.is_string() ? json{{"subtask", entry}} : entry;
    const bool named = parameters.is_object() && parameters.contains("subtask");
    if (!named)
        fields.fail("subtasks",
                    "must be a list of strings, or of objects such as {\"subtask\": \"anatomy\", \"title\": \"human "
                    "anatomy\"}");
    for (const auto& [key, value] : parameters.items()) {
        if (!value.is_string())
            fields.fail("subtasks", fmt::format("has '{}' in {}, which must be a string", key, entry.dump()));
    }
    return parameters;
}

}  // namespace

std::vector<json> expand_definition(const json& file, const std::string& where, const Bases& bases) {
    json merged = follow_extends(file, where, bases, 0);
    const Fields fields(merged, where);
    if (!fields.has("subtasks")) return {std::move(merged)};
    const json& subtasks = fields["subtasks"];
    if (!subtasks.is_array() || subtasks.empty() || subtasks.size() > kMaxSubtasks) {
        fields.fail("subtasks", fmt::format("must be a list of 1 to {} subtasks", kMaxSubtasks));
    }
    if (fields.text("name").find("{{subtask") == std::string::npos) {
        fields.fail("name", "must have {{subtask}} in it, so that each subtask has a name of its own");
    }
    json common = merged;
    common.erase("subtasks");
    if (common.dump().size() > kMaxTextBytes / subtasks.size())
        fields.fail("subtasks", fmt::format("have more than {} MiB of text together", kMaxTextBytes >> 20));
    std::vector<json> definitions;
    std::size_t room = kMaxTextBytes;
    for (const json& entry : subtasks) {
        json definition = common;
        try {
            substitute(definition, parameters_of(fields, entry), room);
        } catch (const SuiteError& error) {
            throw SuiteError(std::string(error.what()).starts_with(where)
                                 ? error.what()
                                 : fmt::format("{}: field \"subtasks\" {}", where, error.what()));
        }
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

}  // namespace suites::definition
