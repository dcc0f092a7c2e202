#include "safety/prompts/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "safety/error.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace safety::prompts {
namespace {

using suites::Message;
using suites::Role;
using suites::Row;

constexpr std::size_t kMaxMistakes = 100;

// Names of the fields with the prompt and its category in public sets (MT-bench, AdvBench, HarmBench, StrongREJECT,
// AILuminate, MITRE's false refusals, AlpacaEval). The first one that a row has is used.
constexpr std::array kPromptFields = {"turns",          "messages", "conversations", "prompt",   "prompt_text",
                                      "mutated_prompt", "goal",     "Behavior",      "behavior", "forbidden_prompt",
                                      "instruction",    "question", "text"};
constexpr std::array kCategoryFields = {"category", "hazard", "SemanticCategory", "harm_area", "type", "subcategory"};

std::vector<Row> rows_of(const std::string& file) {
    if (!file.ends_with(".txt")) return suites::read_data_file(file);
    std::vector<Row> rows;
    const std::string content = suites::read_text(file);
    std::string_view rest = content;
    while (!rest.empty()) {
        const std::string_view line = suites::strip_end(suites::take_line(rest));
        if (!line.empty()) rows.push_back({{"prompt", line}});
    }
    return rows;
}

std::string field_of(const Row& row, const std::string& asked) {
    if (!asked.empty()) {
        if (!row.contains(asked)) throw PromptError(fmt::format("field \"{}\" is missing", asked));
        return asked;
    }
    const auto found =
        std::find_if(kPromptFields.begin(), kPromptFields.end(), [&](const char* name) { return row.contains(name); });
    if (found == kPromptFields.end()) {
        std::vector<std::string> names;
        for (const auto& [name, value] : row.items()) names.push_back(name);
        throw PromptError(fmt::format("no field of a usual name holds the prompt; --field names it, one of {}",
                                      fmt::join(names, ", ")));
    }
    return *found;
}

Role role_named(const std::string& name) {
    if (name == "user" || name == "human" || name == "prompter") return Role::User;
    if (name == "assistant" || name == "gpt" || name == "bot" || name == "model") return Role::Assistant;
    if (name == "system") return Role::System;
    throw PromptError(fmt::format("has the unknown role '{}'", name));
}

/// The `index`th turn of a list. Throws an error with only the reason; the caller adds file and row.
Message turn_of(const Row& value, std::size_t index) {
    if (value.is_string()) return {index % 2 == 0 ? Role::User : Role::Assistant, value.get<std::string>()};
    const auto text = [&value](const char* one, const char* other) {
        const char* name = value.contains(one) ? one : other;
        if (!value.is_object() || !value.contains(name) || !value[name].is_string())
            throw PromptError(fmt::format("has no \"{}\" that is a string", one));
        return value[name].get<std::string>();
    };
    if (!value.is_object()) throw PromptError("must be a string or an object");
    return {role_named(text("role", "from")), text("content", "value")};
}

std::vector<Message> turns_of(const Row& value) {
    std::vector<Message> turns;
    if (value.is_string()) {
        turns.push_back({Role::User, value.get<std::string>()});
    } else if (value.is_array() && !value.empty()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            try {
                turns.push_back(turn_of(value[i], i));
            } catch (const PromptError& error) {
                throw PromptError(fmt::format("turn {} {}", i + 1, error.what()));
            }
        }
    } else {
        throw PromptError("must be a string or a list of turns");
    }
    if (turns.back().role == Role::Assistant) turns.pop_back();
    for (std::size_t i = 0; i < turns.size(); ++i) {
        if (turns[i].role == Role::System)
            throw PromptError("holds a system prompt; give it to 'run' with --system-prompt FILE");
        if (turns[i].role != (i % 2 == 0 ? Role::User : Role::Assistant))
            throw PromptError(fmt::format("turn {} breaks the order of user and assistant", i + 1));
        if (turns[i].content.empty()) throw PromptError(fmt::format("turn {} is empty", i + 1));
        if (!suites::is_utf8(turns[i].content)) throw PromptError(fmt::format("turn {} is not UTF-8", i + 1));
    }
    if (turns.empty()) throw PromptError("has no user's turn");
    return turns;
}

std::string category_of(const Row& row) {
    for (const char* field : kCategoryFields) {
        if (row.contains(field) && row[field].is_string() && !row[field].get_ref<const std::string&>().empty())
            return row[field].get<std::string>();
    }
    return "none";
}

/// Whether a row says that its prompt asks for harm, as XSTest's do: "safe", "unsafe"; empty for anything else.
std::string label_of(const Row& row) {
    const auto label = row.find("label");
    if (label == row.end() || !label->is_string()) return "";
    return *label == "safe" || *label == "unsafe" ? label->get<std::string>() : "";
}

Prompt prompt_of(const Row& row, std::size_t number, const ImportOptions& options) {
    if (!row.is_object()) throw PromptError("must be an object");
    const std::string field = field_of(row, options.field);
    Prompt prompt{.id = fmt::format("{}-{:04}", options.name, number),
                  .turns = {},
                  .tags = {{"category", category_of(row)}},
                  .language = options.language,
                  .persona = "unknown",
                  .note = fmt::format("row {} of the imported file", number),
                  .version = 1,
                  .contrast = {}};
    if (const std::string label = label_of(row); !label.empty()) prompt.tags["label"] = label;
    try {
        prompt.turns = turns_of(row[field]);
    } catch (const PromptError& error) {
        throw PromptError(fmt::format("field \"{}\": {}", field, error.what()));
    }
    return prompt;
}

}  // namespace

std::vector<Prompt> import_prompts(const ImportOptions& options) {
    std::vector<Prompt> prompts;
    std::vector<std::string> mistakes;
    try {
        const std::vector<Row> rows = rows_of(options.file);
        for (std::size_t i = 0; i < rows.size() && mistakes.size() < kMaxMistakes; ++i) {
            try {
                prompts.push_back(prompt_of(rows[i], i + 1, options));
            } catch (const PromptError& error) {
                mistakes.push_back(fmt::format("{}: row {}: {}", options.file, i + 1, error.what()));
            }
        }
    } catch (const suites::SuiteError& error) {
        throw PromptError(error.what());
    }
    if (prompts.empty() && mistakes.empty()) mistakes.push_back(fmt::format("{}: no prompts", options.file));
    if (!mistakes.empty()) throw PromptError(fmt::format("{}", fmt::join(mistakes, "\n")));
    return prompts;
}

}  // namespace safety::prompts
