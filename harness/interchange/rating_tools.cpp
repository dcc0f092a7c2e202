#include "harness/interchange/rating_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"
#include "suites/row.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using store::Rating;
using store::RatingStanding;
using store::StudyItemRow;
using store::StudyRow;

using Write = std::function<void(std::string_view)>;
using RowOf = ordered_json (*)(const StudyRow& study, const StudyItemRow& item, const std::vector<Rating>& ratings);

/// A JSON list, one element a line.
std::uint64_t export_list(const RatedItems& items, const StudyRow& study, RowOf row, const Write& write) {
    std::uint64_t rows = 0;
    for (const auto& [item, ratings] : items) {
        if (item.kind != "rated") continue;
        write(rows++ == 0 ? "[\n" : ",\n");
        write(base::ordered_json_text(row(study, item, ratings)));
    }
    write(rows == 0 ? "[]\n" : "\n]\n");
    return rows;
}

/// The conversation as one text, for tools that show texts.
std::string prompt_of(const StudyItemRow& item) {
    std::string text;
    for (const ordered_json& turn : base::ordered_json_or_null(item.turns_json)) {
        if (!turn.is_object() || !turn.contains("content") || !turn["content"].is_string()) continue;
        text += (text.empty() ? "" : "\n\n") + turn["content"].get<std::string>();
    }
    return text;
}

/// The texts that are rated, by the name of their field.
ordered_json texts_of(const StudyItemRow& item) {
    ordered_json fields = {{"prompt", prompt_of(item)}};
    for (std::size_t i = 0; i < item.answers.size(); ++i)
        fields[fmt::format("answer_{}", i + 1)] = item.answers[i].shown_text();
    return fields;
}

ordered_json metadata_of(const StudyRow& study, const StudyItemRow& item) {
    ordered_json data = {{"study", study.name}, {"protocol", study.protocol}, {"item", item.number}};
    data["category"] = item.category;
    for (std::size_t i = 0; i < item.answers.size(); ++i) {
        const store::StudyAnswerRow& answer = item.answers[i];
        const std::string name = fmt::format("answer_{}", i + 1);
        data[name + "_variant"] = answer.variant;
        data[name + "_run"] = answer.run;
        data[name + "_task"] = answer.task;
        data[name + "_doc"] = answer.doc;
        data[name + "_position"] = answer.position;
    }
    return data;
}

std::string word_of(bool flag) {
    return flag ? "yes" : "no";
}

/// What a rating says, by question.
ordered_json values_of(const StudyRow& study, const Rating& rating) {
    ordered_json values = {{"rating", rating.value}};
    if (study.protocol == "pairwise") values["both_bad"] = word_of(rating.both_bad);
    if (rating.first_safe) values["answer_1_safe"] = word_of(*rating.first_safe);
    if (rating.second_safe) values["answer_2_safe"] = word_of(*rating.second_safe);
    return values;
}

ordered_json argilla_record(const StudyRow& study, const StudyItemRow& item, const std::vector<Rating>& ratings) {
    ordered_json responses = ordered_json::object();
    for (const Rating& rating : ratings) {
        const char* status = rating.standing == RatingStanding::Counted ? "submitted" : "discarded";
        const ordered_json values = values_of(study, rating);
        for (const auto& [question, value] : values.items()) {
            ordered_json response = {{"value", value}, {"user_id", rating.rater}, {"status", status}};
            responses[question].push_back(std::move(response));
        }
    }
    const auto counted = std::count_if(ratings.begin(), ratings.end(),
                                       [](const Rating& rating) { return rating.standing == RatingStanding::Counted; });
    return {{"id", fmt::format("{}-{}", study.name, item.number)},
            {"fields", texts_of(item)},
            {"metadata", metadata_of(study, item)},
            {"suggestions", ordered_json::object()},
            {"responses", std::move(responses)},
            {"status", counted >= study.raters ? "completed" : "pending"}};
}

ordered_json label_studio_result(const std::string& question, const ordered_json& value) {
    ordered_json content = ordered_json::object();
    content["choices"] = ordered_json::array({suites::value_text(value)});
    return {{"from_name", question}, {"to_name", "answer_1"}, {"type", "choices"}, {"value", std::move(content)}};
}

ordered_json label_studio_task(const StudyRow& study, const StudyItemRow& item, const std::vector<Rating>& ratings) {
    ordered_json annotations = ordered_json::array();
    for (const Rating& rating : ratings) {
        ordered_json result = ordered_json::array();
        const ordered_json values = values_of(study, rating);
        for (const auto& [question, value] : values.items()) result.push_back(label_studio_result(question, value));
        annotations.push_back({{"unique_id", rating.assignment},
                               {"completed_by", rating.rater},
                               {"lead_time", rating.seconds},
                               {"was_cancelled", rating.standing != RatingStanding::Counted},
                               {"result", std::move(result)}});
    }
    ordered_json data = texts_of(item);
    data.update(metadata_of(study, item));
    return {{"id", item.number + 1}, {"data", std::move(data)}, {"annotations", std::move(annotations)}};
}

}  // namespace

std::uint64_t export_argilla(const RatedItems& items, const StudyRow& study, const Write& write) {
    return export_list(items, study, argilla_record, write);
}

std::uint64_t export_label_studio(const RatedItems& items, const StudyRow& study, const Write& write) {
    return export_list(items, study, label_studio_task, write);
}

}  // namespace harness::interchange
