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

}  // namespace

std::vector<suites::Message> turns_from_json(const json& list) {
    if (!list.is_array()) return {};
    std::vector<suites::Message> turns;
    for (const json& turn : list) {
        const std::optional<suites::Role> role = role_of(turn);
        if (!role || !turn.contains("content") || !turn["content"].is_string()) return {};
        turns.push_back({*role, turn["content"].get<std::string>()});
    }
    if (turns.empty() || turns.back().role != suites::Role::User) return {};
    return turns;
}

bool is_conversation(const std::string& document_json) {
    const json document = base::json_or_null(document_json);
    return document.is_object() && !turns_from_json(document.value("turns", json())).empty();
}

StoredAnswer stored_answer(const store::ItemRow& item, std::size_t position) {
    const store::RequestRow& request = item.requests.at(position);
    const json document = base::json_or_null(item.document_json);
    StoredAnswer answer{.turns = document.is_object() ? turns_from_json(document.value("turns", json()))
                                                      : std::vector<suites::Message>{},
                        .answer = request.output,
                        .document_json = item.document_json};
    if (answer.turns.empty()) answer.turns.push_back({suites::Role::User, request.context});
    return answer;
}

}  // namespace harness::scoring
