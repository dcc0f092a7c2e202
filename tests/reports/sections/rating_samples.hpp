#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/data/ratings.hpp"

namespace reports_test {

/// A comparison of "chat" (0) and "base" (1), one item a prompt: each string has the values of raters 0, 1, ... for the
/// item, '-' for none. Items alternate between the categories "advice" and "facts".
inline reports::data::Study pairwise_study(const std::vector<std::string>& values) {
    reports::data::Study study{.name = "helpful", .variants = {"chat", "base"}};
    for (const std::string& of_item : values) {
        const std::size_t item = study.items.size();
        study.items.push_back({.category = item % 2 == 0 ? "advice" : "facts",
                               .prompt = item,
                               .first = 0,
                               .second = 1,
                               .first_length = 100,
                               .second_length = 80 + 10 * (item % 5)});
        for (std::size_t rater = 0; rater < of_item.size(); ++rater) {
            if (study.raters.size() <= rater) study.raters.push_back({.name = "rater " + std::to_string(rater + 1)});
            if (of_item[rater] == '-') continue;
            study.ratings.push_back({.item = item,
                                     .rater = rater,
                                     .value = of_item[rater] - '0',
                                     .is_first_left = (item + rater) % 2 == 0});
        }
    }
    return study;
}

/// Single answers of "chat" (0) and "base" (1) in turn, rated 1 to 5.
inline reports::data::Study safety_study(const std::vector<std::string>& values) {
    reports::data::Study study = pairwise_study(values);
    study.name = "safe";
    study.protocol = reports::data::StudyProtocol::Safety;
    for (std::size_t item = 0; item < study.items.size(); ++item) {
        study.items[item].first = item % 2;
        study.items[item].second = std::nullopt;
        study.items[item].prompt = item / 2;
        study.items[item].category = item % 4 < 2 ? "advice" : "crime";
    }
    return study;
}

}  // namespace reports_test
