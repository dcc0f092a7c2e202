#include "safety/prompts/prompt.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "safety/error.hpp"
#include "suites/error.hpp"
#include "suites/text.hpp"

namespace safety::prompts {
namespace {

using suites::Row;

constexpr std::size_t kMaxNamed = 100;
constexpr std::array kTagFields = {"category", "category2", "vector", "hazard", "label"};
const std::set<std::string> kFields = {"id",       "turns",   "category", "category2", "vector",   "hazard",
                                       "language", "persona", "note",     "version",   "contrast", "label"};

/// Throws PromptError with only the reason; the caller adds the place.
std::string text_field(const Row& row, const std::string& field) {
    const auto value = row.find(field);
    if (value == row.end()) throw PromptError(fmt::format("field \"{}\" is missing", field));
    if (!value->is_string()) throw PromptError(fmt::format("field \"{}\" must be a string", field));
    const auto& text = value->get_ref<const std::string&>();
    if (text.empty()) throw PromptError(fmt::format("field \"{}\" is empty", field));
    if (!suites::is_utf8(text)) throw PromptError(fmt::format("field \"{}\" is not UTF-8", field));
    return text;
}

suites::Message checked_turn(const Row& value, std::size_t index) {
    const auto fail = [index](const std::string& what) {
        return PromptError(fmt::format("field \"turns\": turn {} {}", index + 1, what));
    };
    if (!value.is_object()) throw fail("must be an object with \"role\" and \"content\"");
    for (const auto& [name, content] : value.items()) {
        if (name != "role" && name != "content") throw fail(fmt::format("has an unknown field \"{}\"", name));
    }
    const suites::Role role = index % 2 == 0 ? suites::Role::User : suites::Role::Assistant;
    if (!value.contains("role") || value["role"] != suites::to_string(role))
        throw fail(fmt::format("must have the role \"{}\"", suites::to_string(role)));
    try {
        return {role, text_field(value, "content")};
    } catch (const PromptError& error) {
        throw fail(error.what());
    }
}

std::vector<suites::Message> checked_turns(const Row& row) {
    const auto value = row.find("turns");
    if (value == row.end()) throw PromptError("field \"turns\" is missing");
    if (!value->is_array() || value->empty()) throw PromptError("field \"turns\" must be a list of turns, not empty");
    std::vector<suites::Message> turns;
    for (std::size_t i = 0; i < value->size(); ++i) turns.push_back(checked_turn((*value)[i], i));
    if (turns.back().role != suites::Role::User) throw PromptError("field \"turns\": the last turn must be the user's");
    return turns;
}

std::uint32_t version_of(const Row& row) {
    const auto value = row.find("version");
    if (value == row.end()) throw PromptError("field \"version\" is missing");
    if (!value->is_number_unsigned() || *value == 0 || *value > 1000000)
        throw PromptError("field \"version\" must be an integer from 1 to 1000000");
    return value->get<std::uint32_t>();
}

Prompt prompt_of(const Row& row) {
    for (const auto& [name, value] : row.items()) {
        if (!kFields.contains(name)) throw PromptError(fmt::format("field \"{}\" is not known", name));
    }
    Prompt prompt{.id = text_field(row, "id"),
                  .turns = checked_turns(row),
                  .tags = {},
                  .language = text_field(row, "language"),
                  .persona = text_field(row, "persona"),
                  .note = text_field(row, "note"),
                  .version = version_of(row),
                  .contrast = row.contains("contrast") ? text_field(row, "contrast") : ""};
    for (const char* field : kTagFields) {
        if (field == std::string_view("category") || row.contains(field)) prompt.tags[field] = text_field(row, field);
    }
    return prompt;
}

}  // namespace

std::string Prompt::tag(std::string_view name) const {
    if (name == "language") return language;
    if (name == "persona") return persona;
    const auto found = tags.find(name);
    return found == tags.end() ? "" : found->second;
}

std::string Prompt::user_text() const {
    std::string text;
    for (const suites::Message& turn : turns) {
        if (turn.role != suites::Role::User) continue;
        if (!text.empty()) text += '\n';
        text += turn.content;
    }
    return text;
}

std::vector<Prompt> parse_prompts(std::string_view content, const std::string& where) {
    std::vector<Prompt> prompts;
    std::vector<std::string> mistakes;
    std::set<std::string> ids;
    std::size_t line = 0;
    while (!content.empty() && mistakes.size() < kMaxNamed) {
        const std::string_view text = suites::strip_end(suites::take_line(content));
        ++line;
        if (text.empty()) continue;
        try {
            const Row row = suites::parse_row(text);
            if (!row.is_object()) throw PromptError("must be a JSON object");
            Prompt prompt = prompt_of(row);
            if (!ids.insert(prompt.id).second)
                throw PromptError(fmt::format("field \"id\": duplicate '{}'", prompt.id));
            prompts.push_back(std::move(prompt));
        } catch (const PromptError& error) {
            mistakes.push_back(fmt::format("{}: line {}: {}", where, line, error.what()));
        } catch (const suites::SuiteError& error) {
            mistakes.push_back(fmt::format("{}: line {}: {}", where, line, error.what()));
        }
    }
    if (mistakes.empty() && prompts.empty()) mistakes.push_back(fmt::format("{}: no prompts", where));
    if (!mistakes.empty()) throw PromptError(fmt::format("{}", fmt::join(mistakes, "\n")));
    return prompts;
}

std::string to_line(const Prompt& prompt) {
    nlohmann::ordered_json row = {{"id", prompt.id}, {"turns", nlohmann::ordered_json::array()}};
    for (const suites::Message& turn : prompt.turns) {
        row["turns"].push_back({{"role", suites::to_string(turn.role)}, {"content", turn.content}});
    }
    for (const char* field : kTagFields) {
        if (const auto tag = prompt.tags.find(field); tag != prompt.tags.end()) row[field] = tag->second;
    }
    row["language"] = prompt.language;
    row["persona"] = prompt.persona;
    row["note"] = prompt.note;
    row["version"] = prompt.version;
    if (!prompt.contrast.empty()) row["contrast"] = prompt.contrast;
    return row.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace safety::prompts
