#include "harness/interchange/outputs_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <variant>

#include "harness/base/json.hpp"

namespace harness::interchange {
namespace {

using suites::Message;

/// A conversation as one text that no other has. System prompts are a setting, not part of the document.
std::string key_of(const std::vector<Message>& turns) {
    std::string key;
    for (const Message& turn : turns) {
        if (turn.role != suites::Role::System)
            key += fmt::format("{}:{}:{}", static_cast<int>(turn.role), turn.content.size(), turn.content);
    }
    return key;
}

template <class Places>
std::vector<std::size_t> found(const Places& places, const std::string& key) {
    const auto place = places.find(key);
    return place == places.end() ? std::vector<std::size_t>() : place->second;
}

/// A few words that tell a prompt, for messages.
std::string start_of(const OutputRow& row) {
    constexpr std::size_t kShown = 60;
    const std::string& text = row.turns.empty() ? row.prompt : row.turns.back().content;
    if (text.size() <= kShown) return text;
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
    return text.substr(0, end) + "...";
}

}  // namespace

std::string document_id(std::string_view document_json, std::uint64_t doc) {
    const nlohmann::json document = base::json_or_null(document_json);
    const auto id = document.is_object() ? document.find("id") : document.end();
    if (!document.is_object() || id == document.end()) return std::to_string(doc);
    if (id->is_number_integer()) return id->dump();
    return id->is_string() ? id->get<std::string>() : std::to_string(doc);
}

const std::vector<Message>& turns_of(const suites::Item& item) {
    return std::get<suites::GenerateRequest>(item.requests.front()).prompt.turns;
}

OutputDocuments::OutputDocuments(const std::vector<suites::Item>& items) : items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        const suites::Item& item = items[i];
        const std::vector<Message>& turns = turns_of(item);
        by_id_[document_id(item.original.empty() ? item.document : item.original, item.doc)].push_back(i);
        by_turns_[key_of(turns)].push_back(i);
        by_text_[suites::plain_text(turns)].push_back(i);
        by_last_turn_[turns.back().content].push_back(i);
    }
}

std::vector<std::size_t> OutputDocuments::with_text(const OutputRow& row) const {
    if (!row.turns.empty()) return found(by_turns_, key_of(row.turns));
    if (row.prompt.empty()) return {};
    std::vector<std::size_t> places = found(by_text_, row.prompt);
    if (!places.empty()) return places;
    places = found(by_last_turn_, row.prompt);
    // Documents of one conversation are several with one last turn; those of different ones cannot be told apart.
    const bool one = std::all_of(places.begin(), places.end(), [&](std::size_t place) {
        return key_of(turns_of(items_[place])) == key_of(turns_of(items_[places.front()]));
    });
    return one ? places : std::vector<std::size_t>();
}

bool OutputDocuments::holds_last_turn(const OutputRow& row, std::size_t document) const {
    return row.turns.empty() && row.prompt.find(turns_of(items_[document]).back().content) != std::string::npos;
}

DocumentMatch OutputDocuments::find(const OutputRow& row) const {
    const std::vector<std::size_t> texts = with_text(row);
    const std::vector<std::size_t> ids = row.id.empty() ? std::vector<std::size_t>() : found(by_id_, row.id);
    std::vector<std::size_t> both;
    std::set_intersection(texts.begin(), texts.end(), ids.begin(), ids.end(), std::back_inserter(both));
    if (!both.empty()) return {both};
    if (!texts.empty()) return {texts};
    if (row.turns.empty() && row.prompt.empty()) {
        if (!ids.empty()) return {ids};
        return {{}, fmt::format("no prompt has the id '{}'", row.id)};
    }
    if (ids.size() == 1 && holds_last_turn(row, ids.front())) return {ids};
    if (!ids.empty()) return {{}, fmt::format("the prompt with the id '{}' has another text", row.id)};
    if (row.turns.empty() && found(by_last_turn_, row.prompt).size() > 1)
        return {{}, fmt::format("several conversations end with \"{}\"; name the id or all turns", start_of(row))};
    return {{}, fmt::format("no prompt has this text: {}", start_of(row))};
}

}  // namespace harness::interchange
