// Questions with text answers.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "suites/data/json_text.hpp"
#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/transforms/text.hpp"

namespace suites::fetch {
namespace {

using json = Row;

/// Calls `take` for each paragraph of a file in SQuAD's format; adds article and paragraph to its errors.
void each_paragraph(const std::string& path, const json& data,
                    const std::function<void(const json& article, const json& paragraph)>& take) {
    for (std::size_t article = 0; article < data.size(); ++article) {
        try {
            for (const json& paragraph : field(data[article], "paragraphs")) take(data[article], paragraph);
        } catch (const std::exception& error) {
            throw SuiteError(fmt::format("{}: row {} of \"data\": {}", path, article + 1, data::reason(error)));
        }
    }
}

json texts_of(const json& answers) {
    json texts = json::array();
    for (const json& answer : answers) texts.push_back(text_field(answer, "text"));
    return texts;
}

json foundry_trivia(const json& row) {
    std::string question = text_field(row, "context");
    constexpr std::string_view kPrefix = "Question: ";
    constexpr std::string_view kSuffix = "\nAnswer:";
    if (!question.starts_with(kPrefix) || !question.ends_with(kSuffix))
        throw SuiteError("\"context\" is not 'Question: ... Answer:'");
    question = question.substr(kPrefix.size(), question.size() - kPrefix.size() - kSuffix.size());
    const json& aliases = field(row, "aliases");
    if (!aliases.is_array() || aliases.empty()) throw SuiteError("\"aliases\" is not a list of answers");
    return {{"question", std::move(question)}, {"answer", {{"aliases", aliases}, {"value", field(row, "answer")}}}};
}

/// Strips question and answers, as in the data set on Hugging Face.
json native_trivia(const json& row) {
    const json& answer = field(row, "Answer");
    json aliases = json::array();
    for (const std::string& alias : texts_field(answer, "Aliases")) aliases.push_back(transforms::strip(alias));
    return {{"question", transforms::strip(text_field(row, "Question"))},
            {"question_id", text_field(row, "QuestionId")},
            {"answer", {{"aliases", std::move(aliases)}, {"value", transforms::strip(text_field(answer, "Value"))}}}};
}

}  // namespace

std::optional<Converted> gsm8k(const Source& source, const std::string& file) {
    const auto path = source.find("gsm8k", {split_of(file) + ".jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        return json{{"question", text_field(row, "question")}, {"answer", text_field(row, "answer")}};
    });
}

std::optional<Converted> nq_open(const Source& source, const std::string& file) {
    const auto path = source.find("", {split_of(file) == "train" ? "NQ-open.train.jsonl" : "NQ-open.dev.jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        if (!field(row, "answer").is_array() || row["answer"].empty())
            throw SuiteError("\"answer\" is not a list of answers");
        return json{{"question", text_field(row, "question")}, {"answer", row["answer"]}};
    });
}

std::optional<Converted> trivia_qa(const Source& source, const std::string& file) {
    const bool train = split_of(file) == "train";
    const auto wikipedia = source.find("", {train ? "wikipedia-train.json" : "wikipedia-dev.json"});
    if (file.find("wikipedia") != std::string::npos) {
        if (!wikipedia) return std::nullopt;
        return convert_list(*wikipedia, "Data", native_trivia);
    }
    // The configuration rc has the questions about web pages, then those about Wikipedia: 9,951 and 7,993 in the
    // validation split.
    if (const auto web = source.find("", {train ? "web-train.json" : "web-dev.json"}); web && wikipedia) {
        Converted both = convert_list(*web, "Data", native_trivia);
        Converted rest = convert_list(*wikipedia, "Data", native_trivia);
        both.origin += ", " + rest.origin;
        std::move(rest.rows.begin(), rest.rows.end(), std::back_inserter(both.rows));
        return both;
    }
    const auto path = source.find("", {"triviaqa_sm_sub.jsonl"});
    if (train || !path) return std::nullopt;
    return convert_rows(*path, foundry_trivia);
}

std::optional<Converted> squad_v2(const Source& source, const std::string& file) {
    const auto path = source.find("", {split_of(file) == "train" ? "train-v2.0.json" : "dev-v2.0.json"});
    if (!path) return std::nullopt;
    Converted converted{.origin = *path};
    each_paragraph(*path, list_in(*path, "data"), [&](const json& article, const json& paragraph) {
        for (const json& question : field(paragraph, "qas")) {
            json starts = json::array();
            for (const json& answer : field(question, "answers")) starts.push_back(field(answer, "answer_start"));
            converted.rows.push_back(
                {{"id", field(question, "id")},
                 {"title", text_field(article, "title")},
                 {"context", text_field(paragraph, "context")},
                 {"question", text_field(question, "question")},
                 {"answers", {{"text", texts_of(question["answers"])}, {"answer_start", std::move(starts)}}}});
        }
    });
    return converted;
}

std::optional<Converted> quac(const Source& source, const std::string&) {
    const auto path = source.find("", {"val_v0.2.json"});
    if (!path) return std::nullopt;
    Converted converted{.origin = *path};
    each_paragraph(*path, list_in(*path, "data"), [&](const json& article, const json& paragraph) {
        json questions = json::array();
        json answers = json::array();
        json originals = json::array();
        for (const json& turn : field(paragraph, "qas")) {
            questions.push_back(text_field(turn, "question"));
            answers.push_back(texts_of(field(turn, "answers")));
            originals.push_back(text_field(field(turn, "orig_answer"), "text"));
        }
        converted.rows.push_back({{"dialogue_id", field(paragraph, "id")},
                                  {"wikipedia_page_title", text_field(article, "title")},
                                  {"background", text_field(article, "background")},
                                  {"section_title", text_field(article, "section_title")},
                                  {"context", text_field(paragraph, "context")},
                                  {"questions", std::move(questions)},
                                  {"answers", {{"texts", std::move(answers)}}},
                                  {"orig_answers", {{"texts", std::move(originals)}}}});
    });
    return converted;
}

}  // namespace suites::fetch
