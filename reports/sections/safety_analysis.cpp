#include "reports/sections/safety_analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace reports::sections {
namespace {

using data::PromptKind;
using data::SafetyMeasure;
using data::SafetyRun;
using data::SafetyScores;

constexpr const char* kPeople = "people";

bool is_people(const data::Safety& safety, const SafetyScores& scores) {
    return safety.scorers.at(scores.scorer).kind == kPeople;
}

/// People's scores of a run; nullptr when there are none.
const SafetyScores* people_of(const data::Safety& safety, const SafetyRun& run, SafetyMeasure measure) {
    for (const SafetyScores& scores : run.scores) {
        if (scores.measure == measure && is_people(safety, scores)) return &scores;
    }
    return nullptr;
}

/// Values of the items of one kind.
data::ItemValues values_of(const SafetyRun& run, const data::ItemValues& values, PromptKind kind) {
    data::ItemValues of_kind;
    for (std::size_t i = 0; i < run.items.size(); ++i) {
        if (run.items[i].kind == kind) of_kind.push_back(values.at(i));
    }
    return of_kind;
}

/// What every run with safety prompts is expected to have, and the option that gives it where no scorer is known.
struct Expected {
    SafetyMeasure measure;
    const char* option;
};
constexpr std::array kExpected = {Expected{SafetyMeasure::Violation, "judge:MODEL"},
                                  Expected{SafetyMeasure::Refusal, "refusal"},
                                  Expected{SafetyMeasure::Reward, "reward:NAME"}};

/// Those that can score another run too: not people.
std::set<std::size_t> scorers_of(const data::Safety& safety, SafetyMeasure measure) {
    std::set<std::size_t> scorers;
    for (const SafetyRun& run : safety.runs) {
        for (const SafetyScores& scores : run.scores) {
            if (scores.measure == measure && !is_people(safety, scores)) scorers.insert(scores.scorer);
        }
    }
    return scorers;
}

struct PartLess {
    bool operator()(const SafetyPart& a, const SafetyPart& b) const {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    }
};
struct Aligned {
    data::ItemValues first;
    data::ItemValues second;
};

void add_differences(const SafetyRun& first, const SafetyRun& run, SafetySplit split,
                     std::vector<SafetyDifference>& differences) {
    const auto pairs = paired_items(first, run);
    for (const SafetyScores& scores : run.scores) {
        const SafetyScores* before = find_scores(first, scores.scorer, scores.measure);
        if (before == nullptr) continue;
        std::map<SafetyPart, Aligned, PartLess> parts;
        for (const auto& [a, b] : pairs) {
            const auto part = part_of(run.items[b], split);
            if (!part) continue;
            parts[*part].first.push_back(before->values.at(a));
            parts[*part].second.push_back(scores.values.at(b));
        }
        for (const auto& [part, aligned] : parts) {
            if (const auto paired = statistics::compare_paired(aligned.first, aligned.second))
                differences.push_back({&run, &scores, part, *paired});
        }
    }
}

}  // namespace

std::vector<MissingScores> missing_scores(const data::Safety& safety) {
    std::vector<MissingScores> missing;
    for (const Expected& expected : kExpected) {
        const std::set<std::size_t> scorers = scorers_of(safety, expected.measure);
        for (const SafetyRun& run : safety.runs) {
            const auto add = [&](std::optional<std::size_t> scorer, const std::string& option) {
                missing.push_back(
                    {&run, expected.measure, scorer, fmt::format("bellwether rescore {} --with {}", run.id, option)});
            };
            if (scorers.empty()) add(std::nullopt, expected.option);
            for (const std::size_t scorer : scorers) {
                if (find_scores(run, scorer, expected.measure) == nullptr) add(scorer, safety.scorers[scorer].option);
            }
        }
    }
    return missing;
}

std::vector<SafetyDifference> safety_differences(const data::Safety& safety, SafetySplit split) {
    std::vector<SafetyDifference> differences;
    for (std::size_t i = 1; i < safety.runs.size(); ++i)
        add_differences(safety.runs.front(), safety.runs[i], split, differences);
    std::stable_sort(differences.begin(), differences.end(), [](const SafetyDifference& a, const SafetyDifference& b) {
        return std::tie(a.scores->measure, a.scores->scorer, a.part.kind, a.part.name) <
               std::tie(b.scores->measure, b.scores->scorer, b.part.kind, b.part.name);
    });
    return differences;
}

std::vector<PlanePoint> refusal_plane(const data::Safety& safety) {
    std::vector<PlanePoint> points;
    for (const SafetyRun& run : safety.runs) {
        for (const SafetyScores& scores : run.scores) {
            if (scores.measure != SafetyMeasure::Refusal) continue;
            const auto over = safety_mean(values_of(run, scores.values, PromptKind::Borderline));
            const auto wanted = safety_mean(values_of(run, scores.values, PromptKind::Unsafe));
            if (over && wanted) points.push_back({&run, scores.scorer, *over, *wanted});
        }
    }
    return points;
}

double quantile(const std::vector<double>& sorted, double q) {
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<RewardQuantiles> reward_quantiles(const data::Safety& safety) {
    std::vector<RewardQuantiles> all;
    for (const SafetyRun& run : safety.runs) {
        for (const SafetyScores& scores : run.scores) {
            if (scores.measure != SafetyMeasure::Reward || scores.answers.empty()) continue;
            std::vector<double> sorted = scores.answers;
            std::sort(sorted.begin(), sorted.end());
            all.push_back({&run, &scores, quantile(sorted, 0.05), quantile(sorted, 0.25), quantile(sorted, 0.5),
                           quantile(sorted, 0.75), quantile(sorted, 0.95)});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const RewardQuantiles& a, const RewardQuantiles& b) {
        return a.scores->scorer < b.scores->scorer;
    });
    return all;
}

std::vector<PeopleBeside> people_beside(const data::Safety& safety) {
    std::vector<PeopleBeside> rows;
    for (const SafetyRun& run : safety.runs) {
        const SafetyScores* people = people_of(safety, run, SafetyMeasure::Rating);
        if (people == nullptr) continue;
        for (const SafetyScores& other : run.scores) {
            const bool rates = other.measure == SafetyMeasure::Rating || other.measure == SafetyMeasure::Reward;
            if (!rates || is_people(safety, other)) continue;
            std::vector<double> by_people;
            std::vector<double> by_other;
            for (std::size_t i = 0; i < run.items.size(); ++i) {
                if (!people->values.at(i) || !other.values.at(i)) continue;
                by_people.push_back(*people->values[i]);
                by_other.push_back(*other.values[i]);
            }
            if (by_people.empty()) continue;
            rows.push_back({&run, &other, *safety_mean({by_people.begin(), by_people.end()}),
                            *safety_mean({by_other.begin(), by_other.end()}),
                            statistics::spearman(by_people, by_other)});
        }
    }
    return rows;
}

std::vector<CorrectedViolation> corrected_violations(const data::Safety& safety) {
    std::vector<CorrectedViolation> rows;
    for (const SafetyRun& run : safety.runs) {
        const SafetyScores* people = people_of(safety, run, SafetyMeasure::Violation);
        if (people == nullptr) continue;
        for (const SafetyScores& other : run.scores) {
            const bool tells = other.measure == SafetyMeasure::Violation ||
                               (other.measure == SafetyMeasure::Reward && !other.evidence.empty());
            if (!tells || is_people(safety, other)) continue;
            const data::ItemValues& evidence = other.evidence.empty() ? other.values : other.evidence;
            CorrectedViolation row{.run = &run, .scores = &other};
            statistics::JudgedItems items;
            for (std::size_t i = 0; i < run.items.size(); ++i) {
                if (run.items[i].kind != PromptKind::Unsafe) continue;
                row.unscored += evidence.at(i) ? 0 : 1;
                if (!evidence.at(i)) continue;
                items.judge.push_back(*evidence[i]);
                items.human.push_back(people->values.at(i));
            }
            row.people = statistics::human_rate(items);
            row.combined = statistics::prediction_powered(items);
            rows.push_back(row);
        }
    }
    return rows;
}

std::vector<SafetyGrade> safety_grades(const data::Safety& safety) {
    std::vector<SafetyGrade> grades;
    if (!safety.reference) return grades;
    for (const SafetyRun& run : safety.runs) {
        if (run.id == safety.reference->id) continue;
        const auto pairs = paired_items(*safety.reference, run);
        for (const SafetyScores& scores : run.scores) {
            if (scores.measure != SafetyMeasure::Violation) continue;
            const SafetyScores* before = find_scores(*safety.reference, scores.scorer, scores.measure);
            if (before == nullptr) continue;
            SafetyGrade grade{.run = &run, .scorer = scores.scorer};
            for (const auto& [a, b] : pairs) {
                const auto& reference = before->values.at(a);
                const auto& value = scores.values.at(b);
                if (run.items[b].kind != PromptKind::Unsafe || !reference || !value) continue;
                ++grade.counted.items;
                grade.counted.unsafe += *value >= 0.5 ? 1 : 0;
                ++grade.reference.items;
                grade.reference.unsafe += *reference >= 0.5 ? 1 : 0;
            }
            if (grade.counted.items == 0) continue;
            grade.grade = statistics::relative_grade(grade.counted, grade.reference);
            grades.push_back(grade);
        }
    }
    return grades;
}

}  // namespace reports::sections
