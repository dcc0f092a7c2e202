#include "harness/interchange/outputs_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/row_fields.hpp"
#include "suites/json_kind.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using suites::Message;
using suites::Role;
using suites::Row;

constexpr std::uint64_t kMaxSamples = 1000;

// Further fields of public files, as kIdFields.
constexpr std::array kTurnFields = {"turns", "messages", "conversation", "conversations"};
constexpr std::array kPromptFields = {"prompt", "instruction", "question"};
constexpr std::array kModelFields = {"model", "generator", "model_name"};

/// "must be a string, not a number".
std::string wanted(std::string_view kind, const Row& value) {
    const bool is_empty = value.is_array() && value.empty();
    return fmt::format("must be {}, not {}", kind, is_empty ? "an empty list" : suites::kind_of(value));
}

/// The first of these fields that the row has with a value; nullptr: none.
template <std::size_t N>
const char* field_of(const Row& row, const std::array<const char*, N>& names) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&row](const char* name) { return has_field(row, name); });
    return found == names.end() ? nullptr : *found;
}

template <std::size_t N>
std::string text_of(const Row& row, const std::array<const char*, N>& names) {
    const char* field = field_of(row, names);
    if (field == nullptr) return {};
    if (!row[field].is_string()) fail_field(field, wanted("a string", row[field]));
    return utf8_text(row[field].get<std::string>(), field);
}

std::string id_of(const Row& row) {
    const char* field = field_of(row, kIdFields);
    if (field == nullptr) return {};
    const Row& value = row[field];
    if (value.is_string()) return utf8_text(value.get<std::string>(), field);
    if (!value.is_number_integer() && !value.is_binary()) fail_field(field, wanted("a string or an integer", value));
    return suites::row_text(value);
}

/// A count; in a table it is text.
std::optional<std::uint64_t> count_of(const Row& row, const char* name, std::uint64_t max) {
    const char* field = field_of(row, std::array{name});
    if (field == nullptr) return std::nullopt;
    const Row& value = row[field];
    const std::string text = suites::value_text(value);
    constexpr std::size_t kDigits = 18;
    const bool is_count = !text.empty() && text.size() <= kDigits &&
                          std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_count || std::stoull(text) > max) fail_field(field, fmt::format("expected an integer from 0 to {}", max));
    return std::stoull(text);
}

Role role_named(const std::string& name, const char* field) {
    if (name == "user" || name == "human") return Role::User;
    if (name == "assistant" || name == "gpt" || name == "model") return Role::Assistant;
    if (name == "system") return Role::System;
    fail_field(field, fmt::format("unknown role '{}'; known: user, assistant, system", name));
}

Message turn_of(const Row& turn, const char* field, std::size_t number) {
    const auto text = [&](const char* one, const char* other) {
        const char* name = turn.is_object() ? field_of(turn, std::array{one, other}) : nullptr;
        if (name == nullptr || !turn[name].is_string())
            fail_field(field, fmt::format("turn {} has no \"{}\" that is a string", number, one));
        return utf8_text(turn[name].get<std::string>(), field);
    };
    return {role_named(text("role", "from"), field), text("content", "value")};
}

std::vector<Message> turns_in_row(const Row& row) {
    const char* field = field_of(row, kTurnFields);
    if (field == nullptr) return {};
    // A table has them as the text of a list.
    Row list = row[field];
    if (list.is_string()) list = base::ordered_json_or_null(list.get_ref<const std::string&>());
    if (!list.is_array() || list.empty()) fail_field(field, wanted("a list of turns", row[field]));
    std::vector<Message> turns;
    for (const Row& turn : list) turns.push_back(turn_of(turn, field, turns.size() + 1));
    return turns;
}

std::string settings_of(const Row& row) {
    const char* field = field_of(row, std::array{"settings"});
    if (field == nullptr) return {};
    Row settings = row[field];
    if (settings.is_string()) settings = base::ordered_json_or_null(settings.get_ref<const std::string&>());
    if (!settings.is_object()) fail_field(field, wanted("an object of settings and their values", row[field]));
    for (const auto& [name, value] : settings.items()) {
        if (value.is_structured() || value.is_binary())
            fail_field(field, fmt::format("\"{}\" must be a string, a number or true or false", name));
    }
    return base::ordered_json_text(settings);
}

/// "2025-01-31" or "2025-01-31T12:00:00Z", a fraction of a second left out.
std::string date_of(const Row& row) {
    std::string date = text_of(row, std::array{"date"});
    if (date.empty()) return {};
    constexpr std::string_view kMidnight = "T00:00:00Z";
    constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
    if (date.size() == kForm.size() - kMidnight.size()) date += kMidnight;
    bool is_right = date.size() == kForm.size();
    for (std::size_t i = 0; is_right && i < kForm.size(); ++i)
        is_right = kForm[i] == 'd' ? date[i] >= '0' && date[i] <= '9' : date[i] == kForm[i];
    const auto number = [&date](std::size_t at) { return std::stoi(date.substr(at, 2)); };
    is_right = is_right && number(5) >= 1 && number(5) <= 12 && number(8) >= 1 && number(8) <= 31 && number(11) < 24 &&
               number(14) < 60 && number(17) < 60;
    if (!is_right) fail_field("date", "expected a date as in 2025-01-31 or 2025-01-31T12:00:00Z");
    return date;
}

std::string finish_of(const Row& row) {
    std::string finish = text_of(row, std::array{"finish"});
    if (!finish.empty() && finish != "eos" && finish != "stop" && finish != "length")
        fail_field("finish", "expected eos, stop or length");
    return finish;
}

/// The outputs of a row: one, or several samples. An empty string is an output too.
std::vector<std::string> outputs_of(const Row& row, std::vector<Message>& turns) {
    const auto found = std::find_if(kOutputFields.begin(), kOutputFields.end(),
                                    [&row](const char* name) { return row.contains(name); });
    if (row.contains("output_base64")) {
        const std::string text = text_of(row, std::array{"output_base64"});
        const std::optional<std::string> bytes = base::from_base64(text);
        if (!bytes) fail_field("output_base64", "is not base64");
        return {*bytes};
    }
    if (found == kOutputFields.end()) {
        // A log of a conversation ends with what the model said.
        if (!turns.empty() && turns.back().role == Role::Assistant) {
            std::vector<std::string> outputs = {std::move(turns.back().content)};
            turns.pop_back();
            return outputs;
        }
        throw std::runtime_error(fmt::format("no field holds the output; known: {}", fmt::join(kOutputFields, ", ")));
    }
    const Row& value = row[*found];
    if (value.is_string()) return {utf8_text(value.get<std::string>(), *found)};
    if (!value.is_array() || value.empty()) fail_field(*found, wanted("a string or a list of strings", value));
    std::vector<std::string> outputs;
    for (const Row& one : value) {
        if (!one.is_string())
            fail_field(*found, fmt::format("must be a list of strings, but one is {}", suites::kind_of(one)));
        outputs.push_back(utf8_text(one.get<std::string>(), *found));
    }
    if (row.contains("sample")) fail_field("sample", "is given, yet there are several outputs");
    return outputs;
}

std::vector<OutputRow> rows_of(const Row& row, const std::string& where) {
    OutputRow read{.where = where, .id = id_of(row), .turns = turns_in_row(row), .prompt = text_of(row, kPromptFields)};
    read.error = text_of(row, std::array{"error"});
    std::vector<std::string> outputs = {""};
    if (read.error.empty()) outputs = outputs_of(row, read.turns);
    if (!read.turns.empty() && read.turns.back().role != Role::User)
        fail_field(field_of(row, kTurnFields), "must end with a turn of the user");
    if (read.id.empty() && read.turns.empty() && read.prompt.empty())
        throw std::runtime_error(fmt::format("no field tells the prompt or its id; known: {}, {}, {}",
                                             fmt::join(kIdFields, ", "), fmt::join(kTurnFields, ", "),
                                             fmt::join(kPromptFields, ", ")));
    read.model = text_of(row, kModelFields);
    // Fields of these names mean other things too.
    if (const auto task = row.find("task"); task != row.end() && task->is_string())
        read.task = task->get<std::string>();
    if (const auto licence = row.find("licence"); licence != row.end() && licence->is_string())
        read.licence = licence->get<std::string>();
    read.date = date_of(row);
    read.finish = finish_of(row);
    read.settings_json = settings_of(row);
    if (const auto sample = count_of(row, "sample", kMaxSamples - 1)) read.sample = static_cast<std::uint32_t>(*sample);
    read.cut_tokens = count_of(row, "cut_tokens", std::numeric_limits<std::uint32_t>::max());
    read.documents = count_of(row, "documents", std::numeric_limits<std::uint32_t>::max());
    std::vector<OutputRow> rows;
    for (std::string& output : outputs) {
        rows.push_back(read);
        rows.back().output = std::move(output);
        if (outputs.size() > 1) rows.back().sample = static_cast<std::uint32_t>(rows.size() - 1);
    }
    return rows;
}

}  // namespace

std::vector<OutputRow> parse_output_rows(std::string_view text, const std::string& path) {
    std::vector<OutputRow> rows;
    std::vector<std::string> mistakes;
    const std::vector<Row> data = rows_in(text, path);
    for (std::size_t i = 0; i < data.size() && mistakes.size() < kMaxMistakes; ++i) {
        const std::string where = fmt::format("{}: row {}", path, i + 1);
        try {
            for (OutputRow& row : rows_of(data[i], where)) rows.push_back(std::move(row));
        } catch (const std::runtime_error& error) {
            mistakes.push_back(fmt::format("{}: {}", where, error.what()));
        }
    }
    if (data.empty()) mistakes.push_back(path + ": no outputs");
    if (!mistakes.empty()) throw InterchangeError(mistakes);
    return rows;
}

}  // namespace harness::interchange
