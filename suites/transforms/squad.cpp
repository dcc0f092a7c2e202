#include "suites/transforms/squad.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "suites/task.hpp"
#include "suites/transforms/text.hpp"

namespace suites {
namespace {

/// Whether a character of three UTF-8 bytes is a letter or digit, as far as marks that occur in running text go:
/// general punctuation, currency, arrows to geometric shapes and CJK punctuation are not.
bool is_wide_word(std::string_view bytes) {
    const auto point = (static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[0])) & 0x0FU) << 12 |
                       (static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[1])) & 0x3FU) << 6 |
                       (static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[2])) & 0x3FU);
    return !(point >= 0x2000 && point <= 0x206F) && !(point >= 0x20A0 && point <= 0x20CF) &&
           !(point >= 0x2190 && point <= 0x2BFF) && !(point >= 0x3000 && point <= 0x303F);
}

/// Bytes of the character at the start, and whether it belongs to a word (\w of a regular expression).
std::pair<std::size_t, bool> character(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte < 0x80) return {1, std::isalnum(byte) != 0 || byte == '_'};
    // Latin-1 signs, except the ordinal marks and the micro sign, which count as letters.
    if (byte == 0xC2 && text.size() > 1) return {2, text[1] == '\xAA' || text[1] == '\xB5' || text[1] == '\xBA'};
    if (byte == 0xC3 && text.size() > 1) return {2, text[1] != '\x97' && text[1] != '\xB7'};
    if ((byte & 0xF0U) == 0xE0U && text.size() > 2) return {3, is_wide_word(text)};
    return {1, true};
}

/// A space in the place of every whole word a, an, the.
std::string without_articles(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && character(text.substr(end)).second) end += character(text.substr(end)).first;
        const std::string_view word = text.substr(at, end - at);
        result += word == "a" || word == "an" || word == "the" ? " " : word;
        if (end < text.size()) {
            const std::size_t size = character(text.substr(end)).first;
            result += text.substr(end, size);
            end += size;
        }
        at = end;
    }
    return result;
}

const Row& needed(const Row& row, const char* key) {
    const auto found = row.find(key);
    if (found == row.end()) throw SuiteError(std::string("there is no field \"") + key + "\"");
    return *found;
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

double squad_exact(std::string_view answer, std::string_view reference) {
    return squad_normalise(answer) == squad_normalise(reference) ? 1 : 0;
}

double squad_f1(std::string_view answer, std::string_view reference) {
    const std::vector<std::string> said = python_split(squad_normalise(answer));
    const std::vector<std::string> right = python_split(squad_normalise(reference));
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

std::vector<Row> squad_document(Row row) {
    const Row& texts = needed(needed(row, "answers"), "text");
    if (!texts.is_array()) throw SuiteError("\"answers.text\" is not a list");
    row["target"] = texts.empty() ? Row("unanswerable") : texts[0];
    return {std::move(row)};
}

std::vector<Row> quac_turns(Row row) {
    const Row& questions = needed(row, "questions");
    const Row& answers = needed(needed(row, "answers"), "texts");
    const Row& originals = needed(needed(row, "orig_answers"), "texts");
    if (!questions.is_array() || questions.size() != answers.size() || questions.size() != originals.size()) {
        throw SuiteError("\"questions\", \"answers.texts\" and \"orig_answers.texts\" are not lists of one length");
    }
    constexpr std::string_view kNoAnswer = "CANNOTANSWER";
    std::string passage = needed(row, "context").get<std::string>();
    if (passage.ends_with(kNoAnswer)) passage.resize(passage.size() - kNoAnswer.size());
    while (passage.ends_with(' ')) passage.pop_back();

    std::vector<Row> turns;
    std::string history;
    for (std::size_t turn = 0; turn < questions.size(); ++turn) {
        Row document = {{"dialogue_id", row.value("dialogue_id", "")},
                        {"turn", turn},
                        {"title", needed(row, "wikipedia_page_title")},
                        {"background", needed(row, "background")},
                        {"section", needed(row, "section_title")},
                        {"passage", passage},
                        {"history", history},
                        {"question", questions[turn]},
                        {"references", answers[turn]}};
        const auto original = originals[turn].get<std::string>();
        if (original == kNoAnswer) {
            for (const char* said : {"Not enough information", "Cannot answer", "Do not know"})
                document["references"].push_back(said);
        }
        history += "Question: " + questions[turn].get<std::string>() + "\nAnswer: " + original + "\n\n";
        turns.push_back(std::move(document));
    }
    return turns;
}

}  // namespace suites
