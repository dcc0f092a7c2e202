// Science and knowledge questions with labelled choices.

#include <fmt/format.h>

#include "suites/data/json_text.hpp"
#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/transforms/text.hpp"

namespace suites::fetch {
namespace {

using json = Row;

/// `question` of an original row: an object with stem and choices, or that object as a JSON string.
json question_of(const json& row) {
    json question = field(row, "question");
    if (question.is_string()) question = parse_row(question.get<std::string>());
    if (!question.is_object()) throw SuiteError("\"question\" is not an object with stem and choices");
    return question;
}

/// Converts the original list of {text, label} to two lists.
json choices_of(const json& question) {
    json texts = json::array();
    json labels = json::array();
    const json& list = field(question, "choices");
    if (!list.is_array() || list.empty()) throw SuiteError("\"question.choices\" is not a list of choices");
    for (const json& choice : list) {
        texts.push_back(text_field(choice, "text"));
        labels.push_back(text_field(choice, "label"));
    }
    return {{"text", std::move(texts)}, {"label", std::move(labels)}};
}

json arc_row(const json& row) {
    const json question = question_of(row);
    return {{"id", field_or(row, "id", "")},
            {"question", field(question, "stem")},
            {"choices", choices_of(question)},
            {"answerKey", field(row, "answerKey")}};
}

/// Converts a row in MosaicML's format: {query: "Question: ...", choices, gold}.
json foundry_row(const json& row) {
    std::string question = text_field(row, "query");
    constexpr std::string_view kPrefix = "Question: ";
    if (question.starts_with(kPrefix)) question.erase(0, kPrefix.size());
    json labels = json::array();
    const json& choices = field(row, "choices");
    const json& gold = field(row, "gold");
    if (!choices.is_array() || !gold.is_number_unsigned() || gold.get<std::size_t>() >= choices.size())
        throw SuiteError("\"gold\" is not an index of \"choices\"");
    for (std::size_t i = 0; i < choices.size(); ++i) labels.push_back(std::string(1, static_cast<char>('A' + i)));
    const json key = labels[gold.get<std::size_t>()];
    return {{"id", ""},
            {"question", std::move(question)},
            {"choices", {{"text", choices}, {"label", std::move(labels)}}},
            {"answerKey", key}};
}

/// Converts {choice: 1 or 0, ...} to two lists, true choices first, as in the data set.
json marked_choices(const nlohmann::ordered_json& row, const char* name, const std::string& where) {
    json choices = json::array();
    json labels = json::array();
    if (!row.contains(name) || !row[name].is_object())
        throw SuiteError(fmt::format("{}there is no object \"{}\"", where, name));
    for (const int label : {1, 0}) {
        for (const auto& [choice, marked] : row[name].items()) {
            if (marked != label) continue;
            choices.push_back(choice);
            labels.push_back(label);
        }
    }
    if (choices.size() != row[name].size() || choices.empty() || labels[0] != 1) {
        throw SuiteError(fmt::format("{}\"{}\" must mark each choice with 1 or 0, at least one with 1", where, name));
    }
    return {{"choices", std::move(choices)}, {"labels", std::move(labels)}};
}

/// Splits "a; b;c" into a list.
json split_answers(const std::string& joined) {
    json answers = json::array();
    for (std::size_t at = 0; at <= joined.size();) {
        const std::size_t end = std::min(joined.find(';', at), joined.size());
        const std::string answer = transforms::strip(std::string_view(joined).substr(at, end - at));
        if (!answer.empty()) answers.push_back(answer);
        at = end + 1;
    }
    return answers;
}

std::optional<Converted> truthful_generation(const Source& source) {
    const auto path = source.find("", {"TruthfulQA.csv"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        return json{{"type", text_field(row, "Type")},
                    {"category", text_field(row, "Category")},
                    {"question", text_field(row, "Question")},
                    {"best_answer", text_field(row, "Best Answer")},
                    {"correct_answers", split_answers(text_field(row, "Correct Answers"))},
                    {"incorrect_answers", split_answers(text_field(row, "Incorrect Answers"))},
                    {"source", text_field(row, "Source")}};
    });
}

std::optional<Converted> arc(const Source& source, const std::string& file, const std::string& set,
                             const std::string& foundry) {
    const std::string split = split_of(file);
    const std::string original = split == "test" ? "Test" : split == "train" ? "Train" : "Dev";
    if (const auto path = source.find("", {fmt::format("{}-{}.jsonl", set, original)}))
        return convert_rows(*path, arc_row);
    if (split != "test") return std::nullopt;
    // llm-foundry's collection also has the test questions.
    if (const auto path = source.find("", {foundry})) return convert_rows(*path, foundry_row);
    return std::nullopt;
}

}  // namespace

std::optional<Converted> arc_easy(const Source& source, const std::string& file) {
    return arc(source, file, "ARC-Easy", "arc_easy.jsonl");
}

std::optional<Converted> arc_challenge(const Source& source, const std::string& file) {
    return arc(source, file, "ARC-Challenge", "arc_challenge.jsonl");
}

std::optional<Converted> openbookqa(const Source& source, const std::string& file) {
    const auto path = source.find("openbook", {split_of(file) + ".jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        const json question = question_of(row);
        return json{{"id", field_or(row, "id", "")},
                    {"question_stem", field(question, "stem")},
                    {"choices", choices_of(question)},
                    {"answerKey", field(row, "answerKey")}};
    });
}

std::optional<Converted> commonsense_qa(const Source& source, const std::string& file) {
    const auto path = source.find("", {split_of(file) == "train" ? "train_rand_split.jsonl" : "dev_rand_split.jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        const json question = question_of(row);
        const json choices = choices_of(question);
        return json{{"id", field_or(row, "id", "")},
                    {"question", field(question, "stem")},
                    {"question_concept", field_or(question, "question_concept", "")},
                    {"choices", {{"label", choices["label"]}, {"text", choices["text"]}}},
                    {"answerKey", field(row, "answerKey")}};
    });
}

std::optional<Converted> mmlu(const Source& source, const std::string& file) {
    // mmlu/SUBJECT/SPLIT.jsonl
    const std::string split = split_of(file);
    const std::size_t start = file.find('/') + 1;
    const std::string subject = file.substr(start, file.rfind('/') - start);
    const auto path = source.find("", {fmt::format("{}_{}.csv", subject, split == "validation" ? "val" : split)});
    if (!path) return std::nullopt;
    return convert_rows(*path,
                        [&subject](const json& row) {
                            const std::string letter = text_field(row, "answer");
                            if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'D')
                                throw SuiteError(fmt::format("the answer is '{}' and not A, B, C or D", letter));
                            return json{{"question", row["question"]},
                                        {"subject", subject},
                                        {"choices", {row["A"], row["B"], row["C"], row["D"]}},
                                        {"answer", letter[0] - 'A'}};
                        },
                        {"question", "A", "B", "C", "D", "answer"});
}

std::optional<Converted> truthful_qa(const Source& source, const std::string& file) {
    if (file.find("generation") != std::string::npos) return truthful_generation(source);
    const auto path = source.find("", {"mc_task.json"});
    if (!path) return std::nullopt;
    // Choices are the keys of an object, so the order of keys must be kept.
    const std::string text = read_text(*path);
    try {
        data::check_text(text);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: {}", *path, error.what()));
    }
    const auto list = data::ordered_json_or_null(text);
    if (!list.is_array()) throw SuiteError(*path + ": not a JSON array of objects");
    Converted converted{.origin = *path};
    for (const nlohmann::ordered_json& row : list) {
        const std::string where = fmt::format("{}: row {}: ", *path, converted.rows.size() + 1);
        if (!row.is_object() || !row.contains("question") || !row["question"].is_string())
            throw SuiteError(where + "there is no string \"question\"");
        converted.rows.push_back({{"question", row["question"].get<std::string>()},
                                  {"mc1_targets", marked_choices(row, "mc1_targets", where)},
                                  {"mc2_targets", marked_choices(row, "mc2_targets", where)}});
    }
    return converted;
}

}  // namespace suites::fetch
