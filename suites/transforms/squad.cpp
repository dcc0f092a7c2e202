#include "suites/transforms/squad.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "suites/error.hpp"
#include "suites/text.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/row_fields.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

/// QuAC's answer when the passage does not answer the question.
constexpr std::string_view kQuacNoAnswer = "CANNOTANSWER";

/// Replaces the whole words a, an, the by a space.
std::string without_articles(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && starts_with_word(text.substr(end))) end += first_character(text.substr(end));
        const std::string_view word = text.substr(at, end - at);
        result += word == "a" || word == "an" || word == "the" ? " " : word;
        if (end < text.size()) {
            const std::size_t size = first_character(text.substr(end));
            result += text.substr(end, size);
            end += size;
        }
        at = end;
    }
    return result;
}

}  // namespace

std::string squad_normalise(std::string_view text) {
    std::string plain;
    for (const char c : lower_case(text)) {
        if (!is_ascii_punctuation(c)) plain += c;
    }
    std::string result;
    for (const std::string& word : python_split(without_articles(plain))) {
        if (!result.empty()) result += ' ';
        result += word;
    }
    return result;
}

}  // namespace suites::transforms

namespace suites {

double squad_exact(std::string_view answer, std::string_view reference) {
    return transforms::squad_normalise(answer) == transforms::squad_normalise(reference) ? 1 : 0;
}

double squad_f1(std::string_view answer, std::string_view reference) {
    const std::vector<std::string> said = transforms::python_split(transforms::squad_normalise(answer));
    const std::vector<std::string> right = transforms::python_split(transforms::squad_normalise(reference));
    if (said.empty() || right.empty()) return said.empty() && right.empty() ? 1 : 0;
    std::map<std::string, std::size_t> left;
    for (const std::string& word : right) ++left[word];
    std::size_t common = 0;
    for (const std::string& word : said) {
        const auto found = left.find(word);
        if (found == left.end() || found->second == 0) continue;
        --found->second;
        ++common;
    }
    if (common == 0) return 0;
    const double precision = static_cast<double>(common) / static_cast<double>(said.size());
    const double recall = static_cast<double>(common) / static_cast<double>(right.size());
    return 2 * precision * recall / (precision + recall);
}

}  // namespace suites

namespace suites::transforms {

std::optional<double> quac_f1(std::string_view answer, const std::vector<std::string>& references) {
    constexpr double kLeastAgreement = 0.4;
    if (references.empty()) return std::nullopt;
    std::vector<std::string> spans = references;
    std::erase(spans, kQuacNoAnswer);
    if (2 * spans.size() <= references.size()) {
        double best = 0;
        for (const std::string_view said : {kQuacNoAnswer, std::string_view("Not enough information"),
                                            std::string_view("Cannot answer"), std::string_view("Do not know")})
            best = std::max(best, squad_f1(answer, said));
        return best;
    }
    if (spans.size() == 1) return squad_f1(answer, spans[0]);
    const auto best_without = [&spans](std::string_view said, std::size_t left_out) {
        double best = 0;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            if (i != left_out) best = std::max(best, squad_f1(said, spans[i]));
        }
        return best;
    };
    double mean = 0;
    double agreement = 0;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        mean += best_without(answer, i);
        agreement += best_without(spans[i], i);
    }
    const auto count = static_cast<double>(spans.size());
    if (agreement / count < kLeastAgreement) return std::nullopt;
    return mean / count;
}

std::vector<Row> squad_document(Row row) {
    const std::vector<std::string> texts = texts_field(field(row, "answers"), "text", "answers.text");
    row["target"] = texts.empty() ? "unanswerable" : texts[0];
    return {std::move(row)};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the type of all document transforms
std::vector<Row> quac_turns(Row row) {
    const std::vector<std::string> questions = texts_field(row, "questions");
    const Row& answers = field(field(row, "answers"), "texts");
    const std::vector<std::string> originals = texts_field(field(row, "orig_answers"), "texts", "orig_answers.texts");
    if (!answers.is_array() || questions.size() != answers.size() || questions.size() != originals.size()) {
        throw SuiteError("\"questions\", \"answers.texts\" and \"orig_answers.texts\" are not lists of one length");
    }
    std::string passage = text_field(row, "context");
    if (passage.ends_with(kQuacNoAnswer)) passage.resize(passage.size() - kQuacNoAnswer.size());
    while (passage.ends_with(' ')) passage.pop_back();

    std::vector<Row> turns;
    std::string history;
    for (std::size_t turn = 0; turn < questions.size(); ++turn) {
        Row document = {{"dialogue_id", field_or(row, "dialogue_id", "")},
                        {"turn", turn},
                        {"title", field(row, "wikipedia_page_title")},
                        {"background", field(row, "background")},
                        {"section", field(row, "section_title")},
                        {"passage", passage},
                        {"history", history},
                        {"question", questions[turn]},
                        {"references", answers[turn]}};
        history += "Question: " + questions[turn] + "\nAnswer: " + originals[turn] + "\n\n";
        turns.push_back(std::move(document));
    }
    return turns;
}

}  // namespace suites::transforms
