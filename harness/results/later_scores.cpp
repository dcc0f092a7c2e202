#include "harness/results/later_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

std::string name_of(const store::ScorerRow& scorer) {
    const std::string model =
        base::text_member(base::json_or_null(scorer.settings_json), "model", scorer.model_fingerprint.substr(0, 8));
    if (scorer.kind == "refusal") return fmt::format("refusal detector {}", scorer.version);
    const std::string kind = scorer.kind == "reward" ? "reward model" : scorer.kind;
    return fmt::format("{} {} {}{}", kind, scorer.name, scorer.version, model.empty() ? "" : " (" + model + ")");
}

bool is_later(const store::ScorerRow& scorer) {
    return scorer.kind != "task" && scorer.kind != "import";
}

/// The direction in which the task's own metric sees refusals; nullptr when it grades something else.
const std::string* own_direction(const store::RunTaskRow& task) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(),
                                    [](const store::MetricRow& metric) { return metric.name == "refusal"; });
    return found == task.metrics.end() ? nullptr : &found->direction;
}

}  // namespace

LaterScorers::LaterScorers(const std::vector<store::ScorerRow>& scorers) {
    std::map<std::string, std::size_t> names;
    for (const store::ScorerRow& scorer : scorers) {
        if (!is_later(scorer)) continue;
        scorers_[scorer.id] = {scorer, name_of(scorer)};
        ++names[name_of(scorer)];
    }
    for (auto& [id, known] : scorers_) {
        if (names[known.name] > 1) known.name += fmt::format(" #{}", id);
    }
}

const std::string* LaterScorers::name(std::int64_t scorer) const {
    const auto found = scorers_.find(scorer);
    return found == scorers_.end() ? nullptr : &found->second.name;
}

std::string LaterScorers::metric_name(std::int64_t scorer, const std::string& metric) const {
    return fmt::format("{} by {}", metric, scorers_.at(scorer).name);
}

suites::MetricDefinition LaterScorers::definition(const store::ScoreColumn& column,
                                                  const store::RunTaskRow& task) const {
    const json settings = base::json_or_null(scorers_.at(column.scorer).row.settings_json);
    const json& metric = base::member_of(base::member_of(settings, "metrics"), column.metric);
    std::string direction = base::text_member(metric, "direction", "higher");
    if (const std::string* own = own_direction(task); own != nullptr && column.metric == "refusal") direction = *own;
    return {.name = metric_name(column.scorer, column.metric),
            .direction = suites::direction_from(direction).value_or(suites::Direction::HigherIsBetter),
            .interval =
                suites::interval_from(base::text_member(metric, "interval", "real")).value_or(suites::Interval::Real)};
}

std::map<std::string, reports::data::ItemScore> later_scores(const store::ItemRow& item, const LaterScorers& scorers) {
    const auto is_answer = [](const store::RequestRow& request) { return request.kind == "generate"; };
    const bool is_sampled = std::count_if(item.requests.begin(), item.requests.end(), is_answer) > 1;
    std::map<std::string, reports::data::ItemScore> scores;
    for (const store::ScoreRow& score : item.later) {
        if (scorers.name(score.scorer) == nullptr) continue;
        std::string name = scorers.metric_name(score.scorer, score.metric);
        if (is_sampled && score.position) name += fmt::format(", answer {}", *score.position + 1);
        scores[name] = {.value = score.value, .explanation = score.explanation};
    }
    return scores;
}

}  // namespace harness::results
