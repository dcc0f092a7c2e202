#pragma once

#include <string_view>

#include "suites/transforms/vader_lexicon.hpp"

namespace suites::transforms {

/// Sentiment of a text from -1 to 1, rounded to four decimals: the compound score of VADER (Hutto and Gilbert 2014),
/// exactly as computed by vaderSentiment 3.3.2, including its bugs. The ratings of the words are changed by boosters,
/// negations, capitals and idioms around them and summed (words after "but" count more); exclamation and question marks
/// move the sum away from 0; x / sqrt(x^2 + 15) maps it to (-1, 1). 0 for a text without rated words. Invalid UTF-8
/// bytes are characters without meaning. Time O(n log n).
double vader_compound(std::string_view text, const VaderLexicon& lexicon);

}  // namespace suites::transforms
