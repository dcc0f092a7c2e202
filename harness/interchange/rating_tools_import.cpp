#include "harness/interchange/rating_tools_import.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>

#include "harness/base/number_from.hpp"
#include "harness/base/sha256.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using suites::Row;

/// What one person answered, by question.
using Answers = std::map<std::string, std::string>;
/// By person.
using People = std::map<std::string, Answers>;

/// A field of an object; nullptr where there is none.
const Row* member(const Row& object, const std::string& field) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(field);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string word_at(const Row& object, const std::string& field, const std::string& otherwise) {
    const Row* value = member(object, field);
    if (value == nullptr || value->is_structured()) return otherwise;
    return suites::value_text(*value);
}

std::string member_text(const Row& texts, const std::string& field) {
    const Row* value = member(texts, field);
    return text_in(value == nullptr ? Row() : *value, field);
}

std::uint64_t count_at(const Row& object, const std::string& field, std::uint64_t otherwise) {
    const std::string text = word_at(object, field, std::to_string(otherwise));
    const auto number = base::number_from<std::uint64_t>(text);
    if (!number) fail_field(field, fmt::format("expected a non-negative integer, found {}", text.substr(0, 60)));
    return *number;
}

/// Argilla: {"rating": [{"value": 2, "user_id": "a", "status": "submitted"}]}.
People argilla_people(const Row& responses) {
    if (!responses.is_object()) fail_field("responses", "must be an object of lists, by question");
    People people;
    for (const auto& [question, list] : responses.items()) {
        if (!list.is_array()) fail_field("responses", "must be an object of lists, by question");
        for (const Row& response : list) {
            const Row* value = member(response, "value");
            const std::string status = word_at(response, "status", "submitted");
            if (value == nullptr || value->is_structured() || status != "submitted") continue;
            people[word_at(response, "user_id", "unnamed")][question] = suites::value_text(*value);
        }
    }
    return people;
}

/// Label Studio: [{"completed_by": "a", "result": [{"from_name": "rating", "value": {"choices": ["2"]}}]}]; ratings
/// with stars have {"rating": 2}.
People label_studio_people(const Row& annotations) {
    if (!annotations.is_array()) fail_field("annotations", "must be a list");
    People people;
    for (const Row& annotation : annotations) {
        if (word_at(annotation, "was_cancelled", "false") == "true") continue;
        const Row* by = member(annotation, "completed_by");
        const std::string who = by == nullptr     ? "unnamed"
                                : by->is_object() ? word_at(*by, "email", word_at(*by, "id", "unnamed"))
                                                  : suites::value_text(*by);
        const Row* result = member(annotation, "result");
        if (result == nullptr || !result->is_array()) fail_field("annotations.result", "must be a list");
        for (const Row& one : *result) {
            const Row* value = member(one, "value");
            if (value == nullptr) continue;
            const Row* choices = member(*value, "choices");
            const Row* stars = member(*value, "rating");
            if (choices != nullptr && choices->is_array() && choices->size() == 1) stars = &(*choices)[0];
            if (stars != nullptr && !stars->is_structured())
                people[who][word_at(one, "from_name", "")] = suites::value_text(*stars);
        }
    }
    return people;
}

store::StudyAnswerRow answer_of(const Row& texts, const Row& data, const std::string& name) {
    return {.variant = word_at(data, name + "_variant", name),
            .run = word_at(data, name + "_run", ""),
            .task = word_at(data, name + "_task", ""),
            .doc = count_at(data, name + "_doc", 0),
            .position = count_at(data, name + "_position", 0),
            .text = member_text(texts, name)};
}

std::optional<bool> yes_or_no(const Answers& answers, const std::string& question) {
    const auto found = answers.find(question);
    if (found == answers.end()) return std::nullopt;
    if (found->second != "yes" && found->second != "no")
        fail_field(question, fmt::format("expected yes or no, found {}", found->second.substr(0, 60)));
    return found->second == "yes";
}

store::Rating rating_of(const RatingRow& row, const std::string& who, const Answers& answers) {
    const auto value = answers.find("rating");
    if (value == answers.end()) fail_field("rating", fmt::format("'{}' did not answer it", who.substr(0, 60)));
    const std::string& text = value->second;
    const auto number = base::number_from<std::int64_t>(text);
    if (!number) fail_field("rating", fmt::format("expected an integer, found {}", text.substr(0, 60)));
    check_value(row.study.protocol, *number, "rating");
    return {.assignment = base::sha256_hex(fmt::format("{} {} {}", row.study.name, row.item.number, who)),
            .item = row.item.number,
            .category = row.item.category,
            .prompt_hash = row.item.prompt_hash,
            .rater = who,
            .shown_value = *number,
            .value = *number,
            .both_bad = yes_or_no(answers, "both_bad").value_or(false),
            .first_safe = yes_or_no(answers, "answer_1_safe"),
            .second_safe = yes_or_no(answers, "answer_2_safe")};
}

}  // namespace

bool is_of_other_tool(const RowReader& row) {
    return (row.has("fields") && row.has("responses")) || (row.has("data") && row.has("annotations"));
}

std::vector<RatingRow> rows_of_other_tool(const RowReader& row, std::size_t index, const std::string& file) {
    const bool is_argilla = row.has("fields");
    const Row& texts = row.row()[is_argilla ? "fields" : "data"];
    const Row* metadata = is_argilla ? member(row.row(), "metadata") : &texts;
    const Row none = Row::object();
    const Row& data = metadata == nullptr ? none : *metadata;
    const bool compares = member(texts, "answer_2") != nullptr;
    RatingRow item;
    item.study.name = word_at(data, "study", "imported");
    item.study.protocol = word_at(data, "protocol", compares ? "pairwise" : "safety");
    check_protocol(item.study.protocol);
    item.item.number = count_at(data, "item", index);
    item.item.category = word_at(data, "category", "");
    item.item.turns_json = turns_json({{suites::Role::User, member_text(texts, "prompt")}});
    item.item.prompt_hash = base::sha256_hex(item.item.turns_json);
    item.item.answers.push_back(answer_of(texts, data, "answer_1"));
    if (compares) item.item.answers.push_back(answer_of(texts, data, "answer_2"));
    const People people =
        is_argilla ? argilla_people(row.row()["responses"]) : label_studio_people(row.row()["annotations"]);
    std::vector<RatingRow> rows;
    for (const auto& [who, answers] : people) {
        rows.push_back(item);
        rows.back().rating = rating_of(item, fmt::format("{}/{}", file, who), answers);
    }
    if (rows.empty()) rows.push_back(item);
    return rows;
}

}  // namespace harness::interchange
