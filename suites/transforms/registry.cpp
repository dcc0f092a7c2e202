#include "suites/transforms/registry.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "suites/transforms/agieval.hpp"
#include "suites/transforms/bbh.hpp"
#include "suites/transforms/bold.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/math.hpp"
#include "suites/transforms/minerva.hpp"
#include "suites/transforms/overlap.hpp"
#include "suites/transforms/squad.hpp"
#include "suites/transforms/text.hpp"
#include "suites/transforms/toxigen.hpp"

namespace suites::transforms {
namespace {

template <class Function>
using Entry = std::pair<std::string_view, Function>;

constexpr std::array kTexts = {
    Entry<TextTransform>{"lower", lower_case},
    Entry<TextTransform>{"strip", strip},
    Entry<TextTransform>{"capitalize", capitalize},
    Entry<TextTransform>{"words", words_of_name},
    Entry<TextTransform>{"before_blank", before_blank},
    Entry<TextTransform>{"after_blank", after_blank},
    Entry<TextTransform>{"before_last_word", before_last_word},
    Entry<TextTransform>{"last_word", last_word},
    Entry<TextTransform>{"hellaswag", hellaswag_text},
    Entry<TextTransform>{"drop_space", drop_space},
};

constexpr std::array kMatchers = {
    Entry<Matcher>{"bbh_answer", bbh_answer},
    Entry<Matcher>{"minerva_answer", minerva_answer},
};
constexpr std::array kDocuments = {
    Entry<DocumentTransform>{"bold_prompts", bold_prompts},
    Entry<DocumentTransform>{"math_problem", math_problem},
    Entry<DocumentTransform>{"minerva_problem", minerva_problem},
    Entry<DocumentTransform>{"quac_turns", quac_turns},
    Entry<DocumentTransform>{"squad", squad_document},
    Entry<DocumentTransform>{"toxigen", toxigen_document},
    Entry<DocumentTransform>{"truthfulqa_answers", truthfulqa_answers},
};
template <class Table>
auto find(const Table& table, std::string_view name) -> typename Table::value_type::second_type {
    const auto row = std::find_if(table.begin(), table.end(), [name](const auto& one) { return one.first == name; });
    return row == table.end() ? nullptr : row->second;
}

template <class Table>
std::set<std::string> names(const Table& table) {
    std::set<std::string> result;
    for (const auto& row : table) result.emplace(row.first);
    return result;
}

}  // namespace

TextTransform find_text_transform(std::string_view name) {
    return find(kTexts, name);
}
Matcher find_matcher(std::string_view name) {
    return find(kMatchers, name);
}
DocumentTransform find_document_transform(std::string_view name) {
    return find(kDocuments, name);
}
std::set<std::string> text_transform_names() {
    return names(kTexts);
}
std::set<std::string> matcher_names() {
    return names(kMatchers);
}
std::set<std::string> document_transform_names() {
    return names(kDocuments);
}

}  // namespace suites::transforms
