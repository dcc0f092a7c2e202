#include "harness/interchange/lm_eval_squad.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

struct Pair {
    std::string answer;
    std::optional<double> no_answer;
    std::vector<std::string> references;
};

std::optional<Pair> pair_in(const ordered_json& value) {
    if (!value.is_array() || value.size() != 2 || !value[0].is_object() || !value[1].is_object()) return std::nullopt;
    const auto answer = value[0].find("prediction_text");
    const auto answers = value[1].find("answers");
    if (answer == value[0].end() || !answer->is_string() || answers == value[1].end() || !answers->is_object())
        return std::nullopt;
    Pair pair{.answer = answer->get<std::string>(), .no_answer = {}, .references = {}};
    const auto probability = value[0].find("no_answer_probability");
    if (probability != value[0].end() && probability->is_number()) pair.no_answer = probability->get<double>();
    const auto texts = answers->find("text");
    if (texts != answers->end() && texts->is_array()) {
        for (const ordered_json& text : *texts) {
            if (text.is_string()) pair.references.push_back(text.get<std::string>());
        }
    }
    return pair;
}

/// The best grade over the references; without references, the grade against an empty reference.
double graded(const Pair& pair, bool exact) {
    const auto grade = [&](const std::string& reference) {
        return exact ? suites::squad_exact(pair.answer, reference) : suites::squad_f1(pair.answer, reference);
    };
    if (pair.references.empty()) return grade("");
    double best = 0;
    for (const std::string& reference : pair.references) best = std::max(best, grade(reference));
    return best;
}

}  // namespace

std::vector<store::ScoreRow> squad_scores(const ordered_json& value, const std::string& metric) {
    const std::optional<Pair> pair = pair_in(value);
    const bool exact = metric.ends_with("exact");
    if (!pair || (!exact && !metric.ends_with("f1"))) return {};
    std::vector<store::ScoreRow> scores;
    const bool answerable = !pair->references.empty();
    const bool left_out =
        (metric.starts_with("HasAns_") && !answerable) || (metric.starts_with("NoAns_") && answerable);
    if (!metric.starts_with("best_")) {
        scores.push_back({metric, left_out ? std::nullopt : std::optional(graded(*pair, exact))});
    } else if (pair->no_answer) {
        scores.push_back({"no_answer_probability", pair->no_answer});
        scores.push_back({"answerable", answerable ? 1.0 : 0.0});
    }
    return scores;
}

}  // namespace harness::interchange
