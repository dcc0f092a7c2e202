#pragma once

#include <cstddef>

#include "reports/statistics/corrected_rate.hpp"

namespace reports_test {

/// Numbers of items: human and judge say yes or no, then those that only the judge saw.
struct JudgedCounts {
    std::size_t yes_yes = 0;
    std::size_t yes_no = 0;
    std::size_t no_yes = 0;
    std::size_t no_no = 0;
    std::size_t only_yes = 0;
    std::size_t only_no = 0;
};

inline reports::statistics::JudgedItems judged_items(const JudgedCounts& counts) {
    reports::statistics::JudgedItems items;
    const auto add = [&items](std::size_t count, std::optional<double> human, double judge) {
        items.human.insert(items.human.end(), count, human);
        items.judge.insert(items.judge.end(), count, judge);
    };
    add(counts.yes_yes, 1, 1);
    add(counts.yes_no, 1, 0);
    add(counts.no_yes, 0, 1);
    add(counts.no_no, 0, 0);
    add(counts.only_yes, std::nullopt, 1);
    add(counts.only_no, std::nullopt, 0);
    return items;
}

}  // namespace reports_test
