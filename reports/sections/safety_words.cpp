#include "reports/sections/safety_words.hpp"

#include <fmt/format.h>

#include "reports/sections/cells.hpp"

namespace reports::sections {

const std::string& scorer_name(const data::Report& report, std::size_t scorer) {
    return report.safety->scorers.at(scorer).name;
}

std::string refusal_text(const statistics::RateRefusal& refusal) {
    using enum statistics::RateProblem;
    const auto needed = [&refusal](const char* what) {
        return fmt::format("not combined: {} {}, at least {} are needed", refusal.have, what, refusal.need);
    };
    switch (refusal.problem) {
        case FewLabels: return needed("labels of people");
        case FewUnlabelled: return needed("prompts without a label");
        case FewPositives: return needed("violations among the labels");
        case FewNegatives: return needed("answers without a violation among the labels");
        case JudgeNotBinary: return "not combined: the scores are not all 0 or 1";
        case JudgeByChance: break;
    }
    return "not combined: the scorer cannot be told from one that guesses";
}

const char* to_string(statistics::Grade grade) {
    switch (grade) {
        case statistics::Grade::Excellent: return "Excellent";
        case statistics::Grade::VeryGood: return "Very good";
        case statistics::Grade::Good: return "Good";
        case statistics::Grade::Fair: return "Fair";
        case statistics::Grade::Poor: break;
    }
    return "Poor";
}

std::string grade_text(const statistics::RelativeGrade& grade) {
    if (grade.decided()) return to_string(grade.best);
    return fmt::format("not decided: {} to {}", to_string(grade.best), to_string(grade.worst));
}

std::string ratio_range(const statistics::RatioInterval& interval) {
    return interval.high ? number(interval.low) + " to " + number(*interval.high) : "from " + number(interval.low);
}

}  // namespace reports::sections
