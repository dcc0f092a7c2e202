#include "harness/interchange/row_fields.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/base/json.hpp"
#include "harness/interchange/error.hpp"
#include "suites/error.hpp"
#include "suites/json_kind.hpp"
#include "suites/text.hpp"

namespace harness::interchange {

using suites::Message;
using suites::Role;
using suites::Row;

void fail_field(std::string_view field, std::string_view reason) {
    throw std::runtime_error(fmt::format("field \"{}\": {}", field, reason));
}

std::string utf8_text(std::string text, std::string_view field) {
    if (!suites::is_utf8(text)) fail_field(field, "is not UTF-8; convert the file, as with iconv");
    return text;
}

std::string text_in(const Row& value, std::string_view field) {
    if (!value.is_string()) fail_field(field, fmt::format("must be a string, not {}", suites::kind_of(value)));
    return utf8_text(value.get<std::string>(), field);
}

std::string text_at(const Row& row, const char* field) {
    if (!row.contains(field)) fail_field(field, "is missing");
    return text_in(row[field], field);
}

bool has_field(const Row& row, const char* field) {
    const auto found = row.find(field);
    return found != row.end() && !found->is_null() && *found != "";
}

std::vector<Message> turns_in(const Row& list) {
    if (!list.is_array()) fail_field("turns", fmt::format("must be a list of turns, not {}", suites::kind_of(list)));
    if (list.empty()) fail_field("turns", "is empty");
    std::vector<Message> turns;
    for (const Row& turn : list) {
        const std::string place = fmt::format("turns[{}]", turns.size());
        if (!turn.is_object() || !turn.contains("role") || !turn.contains("content"))
            fail_field(place, "must be an object with \"role\" and \"content\"");
        const std::string role = text_in(turn["role"], place + ".role");
        const std::string content = text_in(turn["content"], place + ".content");
        if (role == "system" && !turns.empty()) fail_field(place + ".role", "a system prompt must come first");
        if (role != "user" && role != "assistant" && role != "system")
            fail_field(place + ".role", fmt::format("unknown role '{}'; known: user, assistant, system", role));
        turns.push_back({role == "user" ? Role::User : role == "system" ? Role::System : Role::Assistant, content});
    }
    if (turns.back().role != Role::User) fail_field("turns", "must end with a turn of the user");
    return turns;
}

std::vector<Message> conversation_in(const Row& row) {
    if (has_field(row, "prompt") && has_field(row, "turns"))
        fail_field("turns", "is given as well as \"prompt\"; give one of them");
    if (has_field(row, "turns")) return turns_in(row["turns"]);
    if (has_field(row, "prompt")) return {{Role::User, text_at(row, "prompt")}};
    return {};
}

std::string turns_json(const std::vector<Message>& turns) {
    Row list = Row::array();
    for (const Message& turn : turns)
        list.push_back({{"role", suites::to_string(turn.role)}, {"content", turn.content}});
    return base::ordered_json_text(list);
}

std::string text_of_file(const std::string& path) {
    try {
        return suites::read_text(path);
    } catch (const suites::SuiteError& error) {
        throw InterchangeError(error.what());
    }
}

std::vector<Row> rows_in(std::string_view text, const std::string& path) {
    try {
        return suites::parse_data_file(text, path);
    } catch (const suites::SuiteError& error) {
        throw InterchangeError(error.what());
    }
}

void read_rows(std::string_view text, const std::string& path,
               const std::function<void(const Row& row, const std::string& where)>& read) {
    const std::vector<Row> rows = rows_in(text, path);
    std::vector<std::string> mistakes;
    for (std::size_t i = 0; i < rows.size() && mistakes.size() < kMaxMistakes; ++i) {
        const std::string where = fmt::format("{}: row {}", path, i + 1);
        try {
            if (!rows[i].is_object())
                throw std::runtime_error(fmt::format("must be an object, not {}", suites::kind_of(rows[i])));
            read(rows[i], where);
        } catch (const std::runtime_error& error) {
            mistakes.push_back(fmt::format("{}: {}", where, error.what()));
        }
    }
    if (rows.empty()) mistakes.push_back(path + ": no rows");
    if (!mistakes.empty()) throw InterchangeError(mistakes);
}

}  // namespace harness::interchange
