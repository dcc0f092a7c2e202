// Problems with worked solutions, and exams.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/fetch/python_literal.hpp"

namespace suites::fetch {
namespace {

using json = Row;

/// The subset of a cache file: "snarks" for "bbh/snarks/test.jsonl".
std::string subset_of(const std::string& file) {
    const std::size_t begin = file.find('/') + 1;
    return file.substr(begin, file.find('/', begin) - begin);
}

/// The worked examples in a prompt file of BIG-Bench Hard: after a line of dashes comes the task description, then the
/// examples `Q: ...`, `A: Let's think step by step. ... So the answer is ....`, separated by blank lines.
json worked_examples(const std::string& text) {
    constexpr std::string_view kNext = "\n\nQ: ";
    constexpr std::string_view kThink = "\nA: Let's think step by step.";
    constexpr std::string_view kAnswer = "So the answer is ";
    json examples = json::array();
    for (std::size_t at = text.find(kNext, text.find("-----\n")); at != std::string::npos;) {
        const std::size_t begin = at + kNext.size();
        at = text.find(kNext, begin);
        std::string block = text.substr(begin, at == std::string::npos ? at : at - begin);
        while (block.ends_with('\n')) block.pop_back();
        const std::size_t think = block.find(kThink);
        const std::size_t answer = block.rfind(kAnswer);
        if (think == std::string::npos || answer == std::string::npos || answer < think || !block.ends_with('.'))
            throw SuiteError(fmt::format("row {}: not 'Q: ...', 'A: Let's think step by step.', 'So the answer is ...'",
                                         examples.size() + 1));
        const std::size_t said = answer + kAnswer.size();
        examples.push_back({{"input", block.substr(0, think)},
                            {"chain", block.substr(think + kThink.size() + 1)},
                            {"target", block.substr(said, block.size() - said - 1)}});
    }
    return examples;
}

enum class Passages { Shown, LeftOut };

/// Converts a question of AGIEval to the format of lm-evaluation-harness' data sets. Without options, the answer is a
/// string.
json agieval_row(const json& row, Passages passages) {
    const json& passage = field(row, "passage");
    const json& options = field(row, "options");
    const std::string before = passages == Passages::Shown && passage.is_string() ? passage.get<std::string>() : "";
    std::string query = before + "Q: " + text_field(row, "question");
    if (!options.is_array() || options.empty())
        return {{"query", query + "\nA: The answer is"}, {"answer", text_field(row, "answer")}};
    query += " Answer Choices:";
    for (const std::string& option : texts_field(row, "options")) query += " " + option;
    const std::string label = text_field(row, "label");
    const auto right = static_cast<std::size_t>(label.empty() ? 0 : label[0] - 'A');
    if (label.size() != 1 || right >= options.size())
        throw SuiteError(fmt::format("\"label\" is '{}', which names none of the {} options", label, options.size()));
    const char last = static_cast<char>('A' + options.size() - 1);
    return {{"query", query + fmt::format("\nA: Among A through {}, the answer is", last)},
            {"choices", options},
            {"gold", {right}}};
}

/// The few-shot examples of AGIEval's authors for a set: a table with a column per set, in which questions, as printed
/// by Python, and explanations alternate.
Converted agieval_examples(const std::string& path, const std::string& set) {
    constexpr std::string_view kWithout = "-without-passage";
    const bool without = set.ends_with(kWithout);
    const std::string column = without ? set.substr(0, set.size() - kWithout.size()) : set;
    Converted converted{.origin = path};
    for (const json& row : data::read_rows(path)) {
        const std::string sample = text_field(row, column.c_str());
        if (sample.starts_with('{')) {
            try {
                converted.rows.push_back(
                    agieval_row(parse_python_literal(sample), without ? Passages::LeftOut : Passages::Shown));
            } catch (const SuiteError& error) {
                throw SuiteError(fmt::format("{}: {}, {}: {}", path, column, text_field(row, ""), error.what()));
            }
        }
    }
    return converted;
}

/// The problems of one subject from the original's folders, in the order of their numbers.
Converted math_folder(std::vector<std::string> files) {
    const auto number = [](const std::string& path) {
        int value = 0;
        const std::string name = path.substr(path.rfind('/') + 1);
        std::from_chars(name.data(), name.data() + name.size(), value);
        return value;
    };
    std::sort(files.begin(), files.end(),
              [&](const std::string& a, const std::string& b) { return number(a) < number(b); });
    Converted converted{.origin = files.front().substr(0, files.front().rfind('/'))};
    for (const std::string& path : files) {
        const json problem = json_in(path);
        try {
            converted.rows.push_back({{"problem", text_field(problem, "problem")},
                                      {"level", text_field(problem, "level")},
                                      {"type", text_field(problem, "type")},
                                      {"solution", text_field(problem, "solution")}});
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: {}", path, error.what()));
        }
    }
    return converted;
}

}  // namespace

std::optional<Converted> agieval(const Source& source, const std::string& file) {
    const std::string set = subset_of(file);
    if (split_of(file) == "examples") {
        const auto path = source.find("agieval", {"few_shot_prompts.csv"});
        if (!path) return std::nullopt;
        return agieval_examples(*path, set);
    }
    const auto path = source.find("agieval", {set + ".jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) { return agieval_row(row, Passages::Shown); });
}

std::optional<Converted> hendrycks_math(const Source& source, const std::string& file) {
    const std::string subject = subset_of(file);
    std::vector<std::string> problems = source.find_all(fmt::format("/MATH/{}/{}/", split_of(file), subject), ".json");
    if (!problems.empty()) return math_folder(std::move(problems));
    const auto path = source.find("symbolic_problem_solving", {"math.jsonl"});
    if (!path || split_of(file) != "test") return std::nullopt;
    Converted converted = convert_rows(*path, [](const json& row) {
        return json{{"problem", text_field(row, "context")},
                    {"type", text_field(row, "category")},
                    {"solution", text_field(row, "chain_of_thought")}};
    });
    std::erase_if(converted.rows, [&](const json& row) { return row["type"] != subject; });
    return converted;
}

std::optional<Converted> bbh(const Source& source, const std::string& file) {
    const std::string subset = subset_of(file);
    if (split_of(file) == "examples") {
        const auto path = source.find("cot-prompts", {subset + ".txt"});
        if (!path) return std::nullopt;
        Converted converted{.origin = *path};
        try {
            for (json& example : worked_examples(read_text(*path))) converted.rows.push_back(std::move(example));
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: {}", *path, error.what()));
        }
        return converted;
    }
    const auto path = source.find("bbh", {subset + ".json"});
    if (!path) return std::nullopt;
    return convert_list(*path, "examples", [](const json& row) {
        return json{{"input", text_field(row, "input")}, {"target", text_field(row, "target")}};
    });
}

}  // namespace suites::fetch
