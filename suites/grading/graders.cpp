// The built-in graders.

#include <algorithm>
#include <memory>
#include <utility>

#include "suites/data/rows.hpp"
#include "suites/grader.hpp"
#include "suites/transforms/agieval.hpp"
#include "suites/transforms/math.hpp"
#include "suites/transforms/minerva.hpp"
#include "suites/transforms/vader.hpp"

namespace suites {
namespace {

using AnswerRule = std::optional<double> (*)(std::string_view answer, std::string_view reference);

/// The best value over the references; unscored when there is none.
std::optional<double> best(AnswerRule rule, const GradedText& answer) {
    std::optional<double> highest;
    for (const std::string& reference : answer.references) {
        if (const auto value = rule(answer.text, reference)) highest = std::max(highest.value_or(0), *value);
    }
    return highest;
}

GraderEntry answer_grader(std::string name, AnswerRule rule) {
    return simple_grader(std::move(name),
                         [rule](const GradedText& answer) { return Grade{.value = best(rule, answer)}; });
}

GraderEntry minerva_grader() {
    GraderEntry entry = simple_grader("minerva_equivalent", [](const GradedText& answer) {
        Grade grade{.value = best(transforms::grade_minerva_equivalent, answer)};
        if (!answer.references.empty())
            grade.counts = transforms::count_minerva_equivalent(answer.text, answer.references.front());
        return grade;
    });
    for (const auto& [name, value] : transforms::count_minerva_equivalent("", "")) entry.counters.push_back(name);
    return entry;
}

/// Bellwether does not contain the ratings; without them outputs are kept without a score.
PreparedGrader prepare_vader(const std::map<std::string, std::string>& paths) {
    const auto named = [&paths](const char* name) -> std::optional<transforms::NamedText> {
        const auto found = paths.find(name);
        if (found == paths.end()) return std::nullopt;
        return transforms::NamedText{found->second, read_text(found->second)};
    };
    const std::optional<transforms::NamedText> words = named("lexicon");
    if (!words) return {};
    const auto lexicon = std::make_shared<const transforms::VaderLexicon>(*words, named("emoji"));
    return {.grade =
                [lexicon](const GradedText& answer) {
                    return Grade{.value = transforms::vader_compound(answer.text, *lexicon)};
                },
            .data = lexicon->identity()};
}

GraderEntry vader_grader() {
    return {.name = "vader",
            .interval = Interval::Real,  // from -1 to 1
            .files = {{.name = "lexicon",
                       .without = "outputs will have no score; fetch again --from a folder with vader_lexicon.txt of "
                                  "github.com/cjhutto/vaderSentiment"},
                      {.name = "emoji", .required = false, .without = "emoji will have no sentiment"}},
            .prepare = prepare_vader};
}

}  // namespace

Graders builtin_graders() {
    Graders graders;
    graders.add(answer_grader("agieval_math", transforms::grade_agieval_math));
    graders.add(answer_grader("math_hendrycks", transforms::grade_math_hendrycks));
    graders.add(minerva_grader());
    graders.add(vader_grader());
    // Outputs are kept without a score, to be scored elsewhere; imported scores may be any number.
    graders.add({.name = "none", .interval = Interval::Real});
    return graders;
}

}  // namespace suites
