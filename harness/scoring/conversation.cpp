#include "harness/scoring/conversation.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/json.hpp"

namespace harness::scoring {
namespace {

using nlohmann::json;

std::optional<suites::Role> role_of(const json& turn) {
    if (!turn.is_object()) return std::nullopt;
    const auto role = turn.find("role");
    if (role == turn.end()) return std::nullopt;
    for (const suites::Role known : {suites::Role::System, suites::Role::User, suites::Role::Assistant}) {
        if (*role == suites::to_string(known)) return known;
    }
    return std::nullopt;
}

/// Empty unless the document is a conversation that a user's turn ends.
std::vector<suites::Message> turns_of(const std::string& document_json) {
    const json document = base::json_or_null(document_json);
    if (!document.is_object() || !document.contains("turns") || !document["turns"].is_array()) return {};
    std::vector<suites::Message> turns;
    for (const json& turn : document["turns"]) {
        const std::optional<suites::Role> role = role_of(turn);
        if (!role || !turn.contains("content") || !turn["content"].is_string()) return {};
        turns.push_back({*role, turn["content"].get<std::string>()});
    }
    if (turns.empty() || turns.back().role != suites::Role::User) return {};
    return turns;
}

}  // namespace

StoredAnswer stored_answer(const store::ItemRow& item, std::size_t position) {
    const store::RequestRow& request = item.requests.at(position);
    StoredAnswer answer{
        .turns = turns_of(item.document_json), .answer = request.output, .document_json = item.document_json};
    if (answer.turns.empty()) answer.turns.push_back({suites::Role::User, request.context});
    return answer;
}

}  // namespace harness::scoring
