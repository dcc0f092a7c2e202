#include "harness/interchange/lm_eval_target.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "harness/interchange/python_json.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using Target = std::optional<std::string> (*)(const ordered_json& document);

std::optional<std::string> document_text(const ordered_json& document, const char* field) {
    const auto found = document.find(field);
    return found == document.end() || !found->is_string() ? std::nullopt : std::optional(found->get<std::string>());
}

std::optional<std::string> answer_key(const ordered_json& document) {
    return document_text(document, "answerKey");
}

/// The field `gold`, a list of one index.
std::optional<std::string> gold(const ordered_json& document) {
    const auto found = document.find("gold");
    return found == document.end() ? std::nullopt : std::optional(python_repr(*found));
}

std::string stripped(std::string_view text) {
    const std::string_view rest = suites::strip_end(text);
    return std::string(rest.substr(std::min(rest.find_first_not_of(" \t\n"), rest.size())));
}

/// The text after the blank.
std::optional<std::string> ending(const ordered_json& document) {
    const std::optional<std::string> sentence = document_text(document, "sentence");
    const std::size_t blank = sentence ? sentence->find('_') : std::string::npos;
    if (blank == std::string::npos) return std::nullopt;
    return stripped(std::string_view(*sentence).substr(blank + 1));
}

std::optional<std::string> last_word(const ordered_json& document) {
    const std::optional<std::string> text = document_text(document, "text");
    if (!text) return std::nullopt;
    const std::size_t blank = text->rfind(' ');
    return " " + (blank == std::string::npos ? *text : text->substr(blank + 1));
}

std::optional<std::string> first_answer(const ordered_json& document) {
    const auto answers = document.find("answers");
    if (answers == document.end() || !answers->is_object()) return std::nullopt;
    const auto texts = answers->find("text");
    if (texts == answers->end() || !texts->is_array()) return std::nullopt;
    if (texts->empty()) return " unanswerable";
    return (*texts)[0].is_string() ? std::optional(" " + (*texts)[0].get<std::string>()) : std::nullopt;
}

/// The references as a list, even if there is only one.
std::optional<std::string> references_at(const ordered_json& document, const char* pointer) {
    const ordered_json::json_pointer place(pointer);
    if (!document.contains(place) || !document.at(place).is_array()) return std::nullopt;
    return python_repr(document.at(place));
}

std::optional<std::string> answers(const ordered_json& document) {
    return references_at(document, "/answer");
}

std::optional<std::string> aliases(const ordered_json& document) {
    return references_at(document, "/answer/aliases");
}

/// The text after the last "####" of a worked answer.
std::optional<std::string> last_number(const ordered_json& document) {
    constexpr std::string_view kMark = "####";
    const std::optional<std::string> answer = document_text(document, "answer");
    if (!answer) return std::nullopt;
    const std::size_t mark = answer->rfind(kMark);
    return stripped(std::string_view(*answer).substr(mark == std::string::npos ? 0 : mark + kMark.size()));
}

std::optional<std::string> checked_program(const ordered_json& document) {
    const std::optional<std::string> test = document_text(document, "test");
    const std::optional<std::string> name = document_text(document, "entry_point");
    return test && name ? std::optional(*test + "\ncheck(" + *name + ")") : std::nullopt;
}

std::optional<std::string> three_tests(const ordered_json& document) {
    constexpr std::size_t kTests = 3;
    const auto tests = document.find("test_list");
    if (tests == document.end() || !tests->is_array() || tests->size() < kTests) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < kTests; ++i) {
        if (!(*tests)[i].is_string()) return std::nullopt;
        text += (i == 0 ? "" : "\n") + (*tests)[i].get<std::string>();
    }
    return text;
}

std::optional<std::string> first_choice(const ordered_json&) {
    return "0";
}

std::optional<std::string> blank(const ordered_json&) {
    return " ";
}

struct Known {
    std::string_view task;  ///< a name, or a prefix followed by *
    Target target;
};
constexpr std::array kKnown = {
    Known{"agieval_math", nullptr},       Known{"agieval_*", gold},
    Known{"commonsense_qa", answer_key},  Known{"gsm8k_cot*", last_number},
    Known{"humaneval*", checked_program}, Known{"lambada_openai", last_word},
    Known{"mbpp", three_tests},           Known{"nq_open", answers},
    Known{"squadv2", first_answer},       Known{"triviaqa", aliases},
    Known{"truthfulqa_gen", blank},       Known{"truthfulqa_mc*", first_choice},
    Known{"winogrande", ending},
};

bool is_named(std::string_view pattern, std::string_view task) {
    return pattern.ends_with('*') ? task.starts_with(pattern.substr(0, pattern.size() - 1)) : task == pattern;
}

/// Whether JSON and Python write it the same way; true, false and null differ.
bool is_python_literal(const ordered_json& value) {
    if (value.is_array()) return std::all_of(value.begin(), value.end(), is_python_literal);
    return value.is_string() || value.is_number() || value.is_binary();
}

/// A target in brackets, which lm-evaluation-harness reads as a Python list if it is one: several accepted answers, or
/// an interval such as [-2,7], which then gets a space after its comma.
std::optional<std::string> list_text(const std::string& target) {
    if (!target.starts_with("[") || !target.ends_with("]")) return std::nullopt;
    try {
        const ordered_json list = suites::parse_row(target);
        if (list.is_array() && is_python_literal(list)) return python_repr(list);
    } catch (const suites::SuiteError&) {  // not a list
    }
    return std::nullopt;
}

}  // namespace

std::string lm_eval_target(const std::string& task, const std::string& target, const ordered_json& document) {
    const auto known =
        std::find_if(kKnown.begin(), kKnown.end(), [&task](const Known& entry) { return is_named(entry.task, task); });
    std::optional<std::string> found;
    if (known != kKnown.end() && known->target != nullptr && document.is_object()) found = known->target(document);
    if (!found) found = list_text(target);
    return found.value_or(target);
}

}  // namespace harness::interchange
