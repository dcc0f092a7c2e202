#include "harness/interchange/preference_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "harness/interchange/error.hpp"
#include "suites/error.hpp"
#include "suites/json_kind.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using safety::reward::SafetyBin;
using safety::reward::Strength;
using scoring::PreferencePair;
using suites::Message;
using suites::Role;
using suites::Row;

constexpr std::size_t kMaxMistakes = 20;
constexpr std::array kMarks = {std::pair{std::string_view("\n\nHuman:"), Role::User},
                               std::pair{std::string_view("\n\nAssistant:"), Role::Assistant}};
constexpr std::array kStrengths = {Strength::Significantly, Strength::Better, Strength::Slightly, Strength::Negligible};
constexpr std::array kBins = {SafetyBin::ChosenSafe, SafetyBin::BothSafe, SafetyBin::BothUnsafe,
                              SafetyBin::ChosenUnsafe};

/// A mistake of one field. Its message has no place.
[[noreturn]] void fail(std::string_view field, std::string_view reason) {
    throw std::runtime_error(fmt::format("field \"{}\": {}", field, reason));
}

/// A string that is UTF-8.
std::string text_in(const Row& value, std::string_view field) {
    if (!value.is_string()) fail(field, fmt::format("must be a string, not {}", suites::kind_of(value)));
    const auto& text = value.get_ref<const std::string&>();
    if (!suites::is_utf8(text)) fail(field, "is not UTF-8; convert the file, as with iconv");
    return text;
}

std::string text_at(const Row& row, const char* field) {
    if (!row.contains(field)) fail(field, "is missing");
    return text_in(row[field], field);
}

/// Whether the row has this field with a value: null and, in a table, an empty cell are none.
bool has(const Row& row, const char* field) {
    const auto found = row.find(field);
    return found != row.end() && !found->is_null() && *found != "";
}

template <class Value, std::size_t N>
Value named(const Row& row, const char* field, const std::array<Value, N>& values) {
    if (!has(row, field)) return Value::Unknown;
    const std::string word = text_at(row, field);
    std::string known;
    for (const Value value : values) {
        const std::string_view name = scoring::name_of(value);
        if (word == name) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    fail(field, fmt::format("unknown word '{}'; known: {}", word, known));
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? "" : std::string(suites::strip_end(text.substr(first)));
}

std::vector<Message> turns_in(const Row& list) {
    if (!list.is_array()) fail("turns", fmt::format("must be a list of turns, not {}", suites::kind_of(list)));
    if (list.empty()) fail("turns", "is empty");
    std::vector<Message> turns;
    for (const Row& turn : list) {
        const std::string place = fmt::format("turns[{}]", turns.size());
        if (!turn.is_object() || !turn.contains("role") || !turn.contains("content"))
            fail(place, "must be an object with \"role\" and \"content\"");
        const std::string role = text_in(turn["role"], place + ".role");
        const std::string content = text_in(turn["content"], place + ".content");
        if (role == "system" && !turns.empty()) fail(place + ".role", "a system prompt must come first");
        if (role != "user" && role != "assistant" && role != "system")
            fail(place + ".role", fmt::format("unknown role '{}'; known: user, assistant, system", role));
        turns.push_back({role == "user" ? Role::User : role == "system" ? Role::System : Role::Assistant, content});
    }
    if (turns.back().role != Role::User) fail("turns", "must end with a turn of the user");
    return turns;
}

/// A turn of a dialogue in hh-rlhf's form, and where its mark begins in the text.
struct MarkedTurn {
    Role role = Role::User;
    std::string_view content;
    std::size_t start = 0;
    std::size_t content_start = 0;
};

std::vector<MarkedTurn> marked_turns(std::string_view text) {
    std::vector<MarkedTurn> turns;
    for (std::size_t at = text.find("\n\n"); at != std::string_view::npos; at = text.find("\n\n", at + 1)) {
        for (const auto& [mark, role] : kMarks) {
            if (text.substr(at, mark.size()) != mark) continue;
            if (!turns.empty())
                turns.back().content = text.substr(turns.back().content_start, at - turns.back().content_start);
            turns.push_back({role, text.substr(at + mark.size()), at, at + mark.size()});
        }
    }
    return turns;
}

/// The number of turns of the prompt: those that both dialogues share, up to the last of the user that an answer
/// follows in both.
std::size_t shared_turns(const std::vector<MarkedTurn>& a, const std::vector<MarkedTurn>& b) {
    std::size_t shared = 0;
    const std::size_t most = std::min(a.size(), b.size()) - 1;
    while (shared < most && a[shared].role == b[shared].role && a[shared].content == b[shared].content) ++shared;
    const auto answered = [](const std::vector<MarkedTurn>& turns, std::size_t prompt) {
        return turns[prompt - 1].role == Role::User && turns[prompt].role == Role::Assistant;
    };
    while (shared > 0 && !(answered(a, shared) && answered(b, shared))) --shared;
    return shared;
}

PreferencePair dialogues(const Row& row) {
    const std::string chosen = text_at(row, "chosen");
    const std::string rejected = text_at(row, "rejected");
    const auto turns_of = [](const std::string& text, const char* field) {
        std::vector<MarkedTurn> turns = marked_turns(text);
        if (turns.empty() || turns.front().start != 0 || turns.front().role != Role::User)
            fail(field, "must begin with a blank line and \"Human:\" where no field tells the prompt");
        if (turns.size() < 2) fail(field, "has no \"Assistant:\" after a blank line");
        return turns;
    };
    const std::vector<MarkedTurn> a = turns_of(chosen, "chosen");
    const std::vector<MarkedTurn> b = turns_of(rejected, "rejected");
    const std::size_t shared = shared_turns(a, b);
    if (shared == 0) fail("rejected", "does not begin with the prompt of \"chosen\"");
    PreferencePair pair;
    for (std::size_t i = 0; i < shared; ++i) pair.turns.push_back({a[i].role, trimmed(a[i].content)});
    // An answer may hold marks too: everything after the prompt is the answer.
    pair.chosen = trimmed(std::string_view(chosen).substr(a[shared].content_start));
    pair.rejected = trimmed(std::string_view(rejected).substr(b[shared].content_start));
    return pair;
}

PreferencePair pair_of(const Row& row) {
    if (!row.is_object()) throw std::runtime_error(fmt::format("must be an object, not {}", suites::kind_of(row)));
    PreferencePair pair;
    if (has(row, "prompt") && has(row, "turns")) fail("turns", "is told beside \"prompt\"; one of them is enough");
    if (has(row, "turns") || has(row, "prompt")) {
        pair.turns =
            has(row, "turns") ? turns_in(row["turns"]) : std::vector<Message>{{Role::User, text_at(row, "prompt")}};
        pair.chosen = text_at(row, "chosen");
        pair.rejected = text_at(row, "rejected");
    } else {
        pair = dialogues(row);
    }
    if (pair.chosen == pair.rejected) fail("rejected", "is the same answer as \"chosen\"");
    pair.strength = named(row, "strength", kStrengths);
    pair.bin = named(row, "bin", kBins);
    return pair;
}

}  // namespace

std::vector<PreferencePair> parse_preference_pairs(std::string_view text, const std::string& path) {
    std::vector<Row> rows;
    try {
        rows = suites::parse_data_file(text, path);
    } catch (const suites::SuiteError& error) {
        throw InterchangeError(error.what());
    }
    std::vector<PreferencePair> pairs;
    std::vector<std::string> mistakes;
    for (std::size_t i = 0; i < rows.size() && mistakes.size() < kMaxMistakes; ++i) {
        const std::string where = fmt::format("{}: row {}", path, i + 1);
        try {
            pairs.push_back(pair_of(rows[i]));
            pairs.back().where = where;
        } catch (const std::runtime_error& error) {
            mistakes.push_back(fmt::format("{}: {}", where, error.what()));
        }
    }
    if (rows.empty()) mistakes.push_back(path + ": no pairs");
    if (!mistakes.empty()) throw InterchangeError(mistakes);
    return pairs;
}

std::vector<PreferencePair> read_preference_pairs(const std::string& path) {
    try {
        return parse_preference_pairs(suites::read_text(path), path);
    } catch (const suites::SuiteError& error) {
        throw InterchangeError(error.what());
    }
}

}  // namespace harness::interchange
