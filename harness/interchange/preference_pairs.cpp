#include "harness/interchange/preference_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/interchange/row_fields.hpp"
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

constexpr std::array kMarks = {std::pair{std::string_view("\n\nHuman:"), Role::User},
                               std::pair{std::string_view("\n\nAssistant:"), Role::Assistant}};
constexpr std::array kStrengths = {Strength::Significantly, Strength::Better, Strength::Slightly, Strength::Negligible};
constexpr std::array kBins = {SafetyBin::ChosenSafe, SafetyBin::BothSafe, SafetyBin::BothUnsafe,
                              SafetyBin::ChosenUnsafe};

template <class Value, std::size_t N>
Value named(const Row& row, const char* field, const std::array<Value, N>& values) {
    if (!has_field(row, field)) return Value::Unknown;
    const std::string word = text_at(row, field);
    std::string known;
    for (const Value value : values) {
        const std::string_view name = scoring::name_of(value);
        if (word == name) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    fail_field(field, fmt::format("unknown word '{}'; known: {}", word, known));
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? "" : std::string(suites::strip_end(text.substr(first)));
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
            fail_field(field, "must begin with a blank line and \"Human:\" where no field tells the prompt");
        if (turns.size() < 2) fail_field(field, "has no \"Assistant:\" after a blank line");
        return turns;
    };
    const std::vector<MarkedTurn> a = turns_of(chosen, "chosen");
    const std::vector<MarkedTurn> b = turns_of(rejected, "rejected");
    const std::size_t shared = shared_turns(a, b);
    if (shared == 0) fail_field("rejected", "does not begin with the prompt of \"chosen\"");
    PreferencePair pair;
    for (std::size_t i = 0; i < shared; ++i) pair.turns.push_back({a[i].role, trimmed(a[i].content)});
    // An answer may hold marks too: everything after the prompt is the answer.
    pair.chosen = trimmed(std::string_view(chosen).substr(a[shared].content_start));
    pair.rejected = trimmed(std::string_view(rejected).substr(b[shared].content_start));
    return pair;
}

PreferencePair pair_of(const Row& row) {
    PreferencePair pair;
    if (pair.turns = conversation_in(row); !pair.turns.empty()) {
        pair.chosen = text_at(row, "chosen");
        pair.rejected = text_at(row, "rejected");
    } else {
        pair = dialogues(row);
    }
    if (pair.chosen == pair.rejected) fail_field("rejected", "is the same answer as \"chosen\"");
    pair.strength = named(row, "strength", kStrengths);
    pair.bin = named(row, "bin", kBins);
    return pair;
}

}  // namespace

std::vector<PreferencePair> parse_preference_pairs(std::string_view text, const std::string& path) {
    std::vector<PreferencePair> pairs;
    read_rows(text, path, [&](const Row& row, const std::string& where) {
        pairs.push_back(pair_of(row));
        pairs.back().where = where;
    });
    return pairs;
}

std::vector<PreferencePair> read_preference_pairs(const std::string& path) {
    return parse_preference_pairs(text_of_file(path), path);
}

}  // namespace harness::interchange
