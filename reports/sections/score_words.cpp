#include "reports/sections/score_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "reports/sections/cells.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/suite.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kShownScores = 6;  // suites that have a sentence

SuiteScore score_of(const data::RunView& run, const Suite& suite, const data::MetricValues& metric) {
    SuiteScore score{.suite = suite.name,
                     .metric = metric.name,
                     .higher_is_better = metric.higher_is_better,
                     .is_share = metric.scale == data::Scale::Share || statistics::is_share(metric.values),
                     .value = metric.value,
                     .ci95 = std::nullopt};
    if (suite.group != nullptr) {
        score.value = suite.group->value;
        score.ci95 = suite.group->ci95;
        score.items = suite.group->items;
    } else {
        const ScoreRow row = score_row(run, *suite.tasks.front(), metric);
        score.ci95 = row.ci95;
        score.items = row.scored;
    }
    return score;
}

std::string score_sentence(const SuiteScore& score) {
    return fmt::format("{} ({}, {} is better): {}, {} over {}.", name_text(score.suite), name_text(score.metric),
                       score.higher_is_better ? "higher" : "lower", number(score.value),
                       score.ci95 ? "95 % interval " + range(score.ci95) : "no interval", counted(score.items, "item"));
}

/// How the run agrees with published numbers that are comparable.
std::string published_sentence(const data::Published& published) {
    std::size_t compared = 0;
    std::vector<std::string> outside;
    for (const data::PublishedRow& row : published.rows) {
        if (!row.not_compared.empty() || !row.ci95) continue;
        ++compared;
        if (!row.inside())
            outside.push_back(
                fmt::format("{} ({}) by {}", name_text(row.task), row.metric, signed_number(row.difference())));
    }
    if (compared == 0) return fmt::format("None of the numbers published for {} can be compared.", published.model);
    std::string text = fmt::format("{} of {} published for {} {} inside the run's 95 % interval",
                                   compared - outside.size(), counted(compared, "comparable number"), published.model,
                                   compared - outside.size() == 1 ? "is" : "are");
    if (outside.empty()) return text + ".";
    const std::size_t more = outside.size() > kShownScores ? outside.size() - kShownScores : 0;
    outside.resize(outside.size() - more);
    return fmt::format("{}; outside: {}{}.", text, fmt::join(outside, ", "),
                       more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

std::vector<SuiteScore> suite_scores(const data::RunView& run) {
    std::vector<SuiteScore> scores;
    for (const Suite& suite : suites_of(run)) {
        const data::MetricValues* metric = headline_metric(*suite.tasks.front());
        if (metric == nullptr) continue;
        SuiteScore score = score_of(run, suite, *metric);
        if (std::isfinite(score.value)) scores.push_back(std::move(score));
    }
    return scores;
}

std::string score_headline(const data::RunView& run) {
    const std::vector<SuiteScore> scores = suite_scores(run);
    if (scores.empty()) return run_name(run) + " has no scores.";
    if (scores.size() > 1) return fmt::format("{} has scores of {} suites.", run_name(run), scores.size());
    return fmt::format("{} scores {} at {} ({}).", run_name(run), number(scores.front().value),
                       name_text(scores.front().suite), name_text(scores.front().metric));
}

std::vector<std::string> score_sentences(const data::Report& report) {
    const data::RunView& run = report.runs.front();
    const std::vector<SuiteScore> scores = suite_scores(run);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(scores.size(), kShownScores); ++i) lines.push_back(score_sentence(scores[i]));
    if (scores.size() > kShownScores)
        lines.push_back(fmt::format("{} more: see Scores.", scores.size() - kShownScores));
    if (report.published) lines.push_back(published_sentence(*report.published));
    if (is_cost_known(run)) lines.push_back(fmt::format("Cost: {}.", cost_text(run)));
    return lines;
}

}  // namespace reports::sections
