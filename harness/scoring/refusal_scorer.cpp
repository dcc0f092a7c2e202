#include "harness/scoring/refusal_scorer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/scoring/metric_settings.hpp"
#include "safety/refusal/refusal.hpp"

namespace harness::scoring {
namespace {

std::string explained(const safety::refusal::Finding& finding) {
    std::string text = fmt::format("{}: {}", safety::refusal::name_of(finding.refusal), finding.reason);
    if (!finding.phrase.empty()) text += fmt::format(" [{}: \"{}\"]", finding.language, finding.phrase);
    return text;
}

}  // namespace

store::ScorerRow RefusalScorer::identity() const {
    const suites::MetricDefinition metric = {
        .name = "refusal", .direction = suites::Direction::LowerIsBetter, .interval = suites::Interval::Share};
    return {.kind = "refusal",
            .name = "detector",
            .version = safety::refusal::kDetectorVersion,
            .settings_json = nlohmann::json{{"metrics", metric_settings({metric})}}.dump()};
}

ValueReading RefusalScorer::reading() const {
    return {.is_refusal = true};
}

std::vector<AnswerScores> RefusalScorer::score(std::span<const StoredAnswer> answers) {
    std::vector<AnswerScores> scores;
    for (const StoredAnswer& answer : answers) {
        const safety::refusal::Finding finding = safety::refusal::detect(answer.answer);
        scores.push_back({{.metric = "refusal",
                           .value = safety::refusal::share_declined(finding.refusal),
                           .explanation = explained(finding)}});
    }
    return scores;
}

}  // namespace harness::scoring
