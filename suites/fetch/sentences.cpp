// Everyday sentences with two to four endings, and yes/no questions.

#include <fmt/format.h>

#include <algorithm>

#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/transforms/text.hpp"

namespace suites::fetch {
namespace {

using json = Row;

/// The lines of the label file next to `path`, such as "valid-labels.lst" next to "valid.jsonl".
std::vector<std::string> labels_beside(const std::string& path) {
    std::string stem = path;
    for (const char* ending : {".gz", ".jsonl"}) {
        if (stem.ends_with(ending)) stem.erase(stem.size() - std::string_view(ending).size());
    }
    const std::string labels = stem + "-labels.lst";
    if (!std::filesystem::exists(labels))
        throw SuiteError(fmt::format("{}: there is no {} beside it", path, labels.substr(labels.rfind('/') + 1)));
    return transforms::python_split(read_text(labels));
}

/// Converts rows with their labels, which are matched by line.
Converted convert_labelled(const std::string& path,
                           const std::function<json(const json& row, const std::string& label)>& change) {
    const std::vector<std::string> labels = labels_beside(path);
    std::size_t line = 0;
    Converted converted = convert_rows(path, [&](const json& row) {
        if (line >= labels.size()) throw SuiteError(fmt::format("there are only {} labels", labels.size()));
        return change(row, labels[line++]);
    });
    if (line != labels.size()) throw SuiteError(fmt::format("{}: {} rows, but {} labels", path, line, labels.size()));
    return converted;
}

std::size_t small_number(const std::string& label, std::size_t most) {
    if (label.size() != 1 || label[0] < '0' || static_cast<std::size_t>(label[0] - '0') > most)
        throw SuiteError(fmt::format("the label is '{}'", label));
    return static_cast<std::size_t>(label[0] - '0');
}

json foundry_boolq(const json& row) {
    std::string passage = text_field(row, "query");
    constexpr std::string_view kPassage = "Passage: ";
    constexpr std::string_view kQuestion = "\nQuestion: ";
    const std::size_t at = passage.rfind(kQuestion);
    const json& gold = field(row, "gold");
    const json choices = {"no", "yes"};
    if (!passage.starts_with(kPassage) || at == std::string::npos)
        throw SuiteError("\"query\" is not 'Passage: ... Question: ...?'");
    if (field(row, "choices") != choices || !gold.is_number_unsigned() || gold.get<std::size_t>() > 1)
        throw SuiteError("\"choices\" are not no and yes");
    std::string question = passage.substr(at + kQuestion.size());
    if (question.ends_with('?')) question.pop_back();
    return {{"question", std::move(question)},
            {"passage", passage.substr(kPassage.size(), at - kPassage.size())},
            {"label", gold}};
}

json native_boolq(const json& row) {
    const json& answer = row.is_object() && row.contains("answer") ? row["answer"] : field(row, "label");
    if (!answer.is_boolean()) throw SuiteError("the answer is not true or false");
    json converted = {{"question", text_field(row, "question")}, {"passage", text_field(row, "passage")}};
    if (row.contains("idx")) converted["idx"] = row["idx"];
    converted["label"] = answer.get<bool>() ? 1 : 0;
    return converted;
}

/// Converts a row of llm-foundry, which has the start of the sentence with each option, to one sentence with a blank.
json foundry_winogrande(const json& row) {
    const std::vector<std::string> contexts = texts_field(row, "context_options");
    const json& gold = field(row, "gold");
    if (contexts.size() != 2 || !gold.is_number_unsigned() || gold.get<std::size_t>() > 1) {
        throw SuiteError("\"context_options\" are not two, or \"gold\" is not 0 or 1");
    }
    const std::string& first = contexts[0];
    const std::string& second = contexts[1];
    std::size_t same = 0;
    while (same < std::min(first.size(), second.size()) && first[same] == second[same]) ++same;
    // Options start at a word boundary.
    while (same > 0 && first[same - 1] != ' ') --same;
    return {{"sentence", first.substr(0, same) + "_ " + text_field(row, "continuation")},
            {"option1", first.substr(same)},
            {"option2", second.substr(same)},
            {"answer", gold == 0 ? "1" : "2"}};
}

json native_hellaswag(const json& row) {
    const json& label = field(row, "label");
    const json& endings = field(row, "endings");
    if (!endings.is_array() || endings.size() != 4) throw SuiteError("\"endings\" are not four");
    return {{"ind", field_or(row, "ind", 0)},
            {"activity_label", text_field(row, "activity_label")},
            {"ctx_a", text_field(row, "ctx_a")},
            {"ctx_b", text_field(row, "ctx_b")},
            {"ctx", text_field(row, "ctx")},
            {"endings", endings},
            {"source_id", field_or(row, "source_id", "")},
            {"split", field_or(row, "split", "")},
            {"split_type", field_or(row, "split_type", "")},
            {"label", label.is_string() ? label.get<std::string>() : label.dump()}};
}

}  // namespace

std::optional<Converted> piqa(const Source& source, const std::string& file) {
    const auto path = source.find("piqa", {split_of(file) == "train" ? "train.jsonl" : "valid.jsonl"});
    if (!path) return std::nullopt;
    return convert_labelled(*path, [](const json& row, const std::string& label) {
        return json{{"goal", text_field(row, "goal")},
                    {"sol1", text_field(row, "sol1")},
                    {"sol2", text_field(row, "sol2")},
                    {"label", small_number(label, 1)}};
    });
}

std::optional<Converted> siqa(const Source& source, const std::string& file) {
    const auto path = source.find("social", {split_of(file) == "train" ? "train.jsonl" : "dev.jsonl"});
    if (!path) return std::nullopt;
    // Another common copy has the options as a list and the answer as a string, without a label file.
    const std::vector<json> rows = data::read_rows(*path);
    if (!rows.empty() && rows[0].contains("answerA")) {
        return convert_labelled(*path, [](const json& row, const std::string& label) {
            return json{{"context", text_field(row, "context")}, {"question", text_field(row, "question")},
                        {"answerA", text_field(row, "answerA")}, {"answerB", text_field(row, "answerB")},
                        {"answerC", text_field(row, "answerC")}, {"label", std::to_string(small_number(label, 3))}};
        });
    }
    return convert_rows(*path, [](const json& row) {
        const json& options = field(row, "options");
        if (!options.is_array() || options.size() != 3) throw SuiteError("\"options\" are not three");
        const auto right = std::find(options.begin(), options.end(), field(row, "answer"));
        if (right == options.end()) throw SuiteError("\"answer\" is not one of \"options\"");
        return json{{"context", text_field(row, "context")},
                    {"question", text_field(row, "question")},
                    {"answerA", options[0]},
                    {"answerB", options[1]},
                    {"answerC", options[2]},
                    {"label", std::to_string(right - options.begin() + 1)}};
    });
}

std::optional<Converted> winogrande(const Source& source, const std::string& file) {
    const bool train = split_of(file) == "train";
    if (const auto path = source.find("winogrande", {train ? "train_xl.jsonl" : "dev.jsonl"})) {
        return convert_rows(*path, [](const json& row) {
            return json{{"sentence", text_field(row, "sentence")},
                        {"option1", text_field(row, "option1")},
                        {"option2", text_field(row, "option2")},
                        {"answer", text_field(row, "answer")}};
        });
    }
    const auto path = source.find("", {"winogrande.jsonl"});
    if (train || !path) return std::nullopt;
    return convert_rows(*path, foundry_winogrande);
}

std::optional<Converted> boolq(const Source& source, const std::string& file) {
    const bool train = split_of(file) == "train";
    const auto names =
        train ? std::vector<std::string>{"train.jsonl"} : std::vector<std::string>{"val.jsonl", "dev.jsonl"};
    if (const auto path = source.find("boolq", names)) return convert_rows(*path, native_boolq);
    const auto path = source.find("", {"boolq.jsonl"});
    if (train || !path) return std::nullopt;
    return convert_rows(*path, foundry_boolq);
}

std::optional<Converted> hellaswag(const Source& source, const std::string& file) {
    const auto path = source.find("", {split_of(file) == "train" ? "hellaswag_train.jsonl" : "hellaswag_val.jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, native_hellaswag);
}

std::optional<Converted> hellaswag_abstainqa(const Source& source, const std::string&) {
    const auto path = source.find("", {"hellaswag.json"});
    if (!path) return std::nullopt;
    const json whole = json_in(*path);
    Converted converted{.origin = *path};
    for (const char* split : {"dev", "test"}) {
        if (!whole.is_object() || !whole.contains(split) || !whole[split].is_array())
            throw SuiteError(fmt::format("{}: there is no list \"{}\"", *path, split));
        for (const json& row : whole[split]) {
            json endings = json::array();
            std::size_t label = 4;
            try {
                for (const char* letter : {"A", "B", "C", "D"}) {
                    if (field(row, "answer") == letter) label = endings.size();
                    endings.push_back(text_field(field(row, "choices"), letter));
                }
                if (label == 4) throw SuiteError("\"answer\" is not A, B, C or D");
                converted.rows.push_back({{"ind", field(row, "id")},
                                          {"ctx", text_field(row, "question")},
                                          {"endings", std::move(endings)},
                                          {"label", std::to_string(label)}});
            } catch (const SuiteError& error) {
                throw SuiteError(
                    fmt::format("{}: {}, row {}: {}", *path, split, converted.rows.size() + 1, error.what()));
            }
        }
    }
    return converted;
}

}  // namespace suites::fetch
