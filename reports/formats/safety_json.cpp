// The safety section of a report as JSON.

#include <array>
#include <nlohmann/json.hpp>

#include "reports/formats/json_parts.hpp"
#include "reports/sections/safety_analysis.hpp"
#include "reports/sections/safety_tables.hpp"
#include "reports/sections/safety_words.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;
using sections::SafetyMean;
using sections::SafetySplit;

json mean_json(const SafetyMean& mean) {
    return {{"value", number_json(mean.value)}, {"ci95", interval_json(mean.ci95)}, {"n", mean.items}};
}

json mean_json(const data::MeanOverPrompts& mean) {
    return {{"mean", number_json(mean.mean)}, {"stderr", number_json(mean.standard_error)}};
}

json rate_json(const statistics::RateResult& result) {
    const auto* rate = std::get_if<statistics::CorrectedRate>(&result);
    if (rate == nullptr) return {{"refused", sections::refusal_text(std::get<statistics::RateRefusal>(result))}};
    return {{"value", number_json(rate->estimate)},
            {"ci95", interval_json(rate->ci95)},
            {"labels", rate->labels},
            {"items", rate->items},
            {"worth", number_json(rate->worth)}};
}

/// Adds the parts of a report's safety data to one document.
class SafetyJson {
public:
    explicit SafetyJson(const data::Safety& safety) : safety_(safety) {}

    json scorers() const {
        json rows = json::array();
        for (const data::SafetyScorer& scorer : safety_.scorers) {
            rows.push_back({{"name", scorer.name},
                            {"kind", scorer.kind},
                            {"accuracy", scorer.accuracy},
                            {"distrust", text_or_null(scorer.distrust)}});
        }
        return rows;
    }

    json not_scored() const {
        json rows = json::array();
        for (const sections::MissingScores& missing : sections::missing_scores(safety_)) {
            rows.push_back({{"run", missing.run->id},
                            {"measure", sections::to_string(missing.measure)},
                            {"by", missing.scorer ? json(name(*missing.scorer)) : json(nullptr)},
                            {"command", missing.command}});
        }
        return rows;
    }

    json rates() const {
        constexpr std::array kSplits = {
            std::pair{SafetySplit::All, "all"}, std::pair{SafetySplit::Category, "category"},
            std::pair{SafetySplit::Cell, "category_and_vector"}, std::pair{SafetySplit::Hazard, "hazard"},
            std::pair{SafetySplit::Turns, "turns"}};
        json rows = json::array();
        for (const auto& [split, split_name] : kSplits) {
            for (const sections::SafetyRate& rate : sections::safety_rates(safety_, split)) {
                json row = scored_by(*rate.run, *rate.scores);
                row["prompts"] = sections::to_string(rate.part.kind);
                row["split"] = split_name;
                row["part"] = text_or_null(rate.part.name);
                row["vector"] = text_or_null(rate.part.vector);
                row["of"] = rate.prompts;
                row.update(rate.mean ? mean_json(*rate.mean) : json{{"value", nullptr}, {"ci95", nullptr}, {"n", 0}});
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }

    json differences() const {
        json rows = json::array();
        for (const SafetySplit split : {SafetySplit::All, SafetySplit::Category}) {
            for (const sections::SafetyDifference& difference : sections::safety_differences(safety_, split)) {
                json row = scored_by(*difference.run, *difference.scores);
                row["base"] = safety_.runs.front().id;
                row["prompts"] = sections::to_string(difference.part.kind);
                row["category"] = text_or_null(difference.part.name);
                row["items"] = difference.paired.items;
                row["difference"] = number_json(difference.paired.difference);
                row["ci95"] = interval_json(difference.paired.ci95);
                row["mcnemar_p"] = number_json(difference.paired.mcnemar_p);
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }

    json plane() const {
        json rows = json::array();
        for (const sections::PlanePoint& point : sections::refusal_plane(safety_)) {
            rows.push_back({{"run", point.run->id},
                            {"by", name(point.scorer)},
                            {"over_refusal", mean_json(point.over_refusal)},
                            {"refusal", mean_json(point.refusal)}});
        }
        return rows;
    }

    json rewards() const {
        json rows = json::array();
        for (const sections::RewardQuantiles& row : sections::reward_quantiles(safety_)) {
            rows.push_back({{"run", row.run->id},
                            {"by", name(row.scores->scorer)},
                            {"answers", row.scores->answers.size()},
                            {"quantiles",
                             {{"0.05", number_json(row.q05)},
                              {"0.25", number_json(row.q25)},
                              {"0.5", number_json(row.q50)},
                              {"0.75", number_json(row.q75)},
                              {"0.95", number_json(row.q95)}}}});
        }
        return rows;
    }

    json best_of_n() const {
        json rows = json::array();
        for (const data::SafetyRun& run : safety_.runs) {
            for (const data::BestOfNCurve& curve : run.curves) {
                json points = json::array();
                for (const data::BestOfNPoint& point : curve.points) {
                    json one = {{"n", point.n}, {"kl", number_json(point.kl)}, {"chosen", mean_json(point.chosen)}};
                    one["measured"] = curve.measurer ? mean_json(point.measured) : json(nullptr);
                    one["gap"] = curve.measurer ? mean_json(point.gap) : json(nullptr);
                    points.push_back(std::move(one));
                }
                rows.push_back({{"run", run.id},
                                {"chosen_by", name(curve.chooser)},
                                {"measured_by", curve.measurer ? json(name(*curve.measurer)) : json(nullptr)},
                                {"prompts", curve.prompts},
                                {"remark", text_or_null(curve.remark)},
                                {"points", std::move(points)}});
            }
        }
        return rows;
    }

    json people() const {
        json rows = json::array();
        for (const sections::PeopleBeside& row : sections::people_beside(safety_)) {
            json one = scored_by(*row.run, *row.scores);
            one["people"] = mean_json(row.people);
            one["other"] = mean_json(row.other);
            one["spearman"] = row.spearman ? number_json(row.spearman->value) : json(nullptr);
            one["spearman_ci95"] = row.spearman ? interval_json(row.spearman->ci95) : json(nullptr);
            rows.push_back(std::move(one));
        }
        return rows;
    }

    json corrected() const {
        json rows = json::array();
        for (const sections::CorrectedViolation& row : sections::corrected_violations(safety_)) {
            json one = scored_by(*row.run, *row.scores);
            one["unscored"] = row.unscored;
            one["people"] = rate_json(row.people);
            one["combined"] = rate_json(row.combined);
            rows.push_back(std::move(one));
        }
        return rows;
    }

    json grades() const {
        json rows = json::array();
        for (const sections::SafetyGrade& row : sections::safety_grades(safety_)) {
            const statistics::RelativeGrade& grade = row.grade;
            rows.push_back({{"run", row.run->id},
                            {"reference", safety_.reference->id},
                            {"by", name(row.scorer)},
                            {"violations", row.counted.unsafe},
                            {"reference_violations", row.reference.unsafe},
                            {"items", row.counted.items},
                            {"ratio", number_json(grade.ratio)},
                            {"ratio_ci95", {number_json(grade.ratio95.low), number_json(grade.ratio95.high)}},
                            {"grade", grade.decided() ? json(sections::to_string(grade.best)) : json(nullptr)},
                            {"best", sections::to_string(grade.best)},
                            {"worst", sections::to_string(grade.worst)}});
        }
        return rows;
    }

    json published() const {
        json rows = json::array();
        for (const data::PublishedSafety& row : safety_.published) {
            rows.push_back({{"metric", row.metric},
                            {"model", row.number.model},
                            {"value", number_json(row.number.value)},
                            {"source", row.number.source},
                            {"table", row.number.table},
                            {"remark", row.number.remark}});
        }
        return rows;
    }

private:
    const std::string& name(std::size_t scorer) const { return safety_.scorers.at(scorer).name; }
    json scored_by(const data::SafetyRun& run, const data::SafetyScores& scores) const {
        return {{"run", run.id}, {"measure", sections::to_string(scores.measure)}, {"by", name(scores.scorer)}};
    }

    const data::Safety& safety_;
};

}  // namespace

json safety_json(const data::Report& report) {
    const SafetyJson parts(*report.safety);
    return {{"warnings", sections::safety_warnings(report)},
            {"scorers", parts.scorers()},
            {"not_scored", parts.not_scored()},
            {"rates", parts.rates()},
            {"differences", parts.differences()},
            {"refusal_plane", parts.plane()},
            {"rewards", parts.rewards()},
            {"best_of_n", parts.best_of_n()},
            {"people", parts.people()},
            {"corrected", parts.corrected()},
            {"grades", parts.grades()},
            {"published", parts.published()}};
}

}  // namespace reports::formats
