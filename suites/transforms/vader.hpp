#pragma once

#include <string_view>

#include "suites/transforms/vader_lexicon.hpp"

namespace suites::transforms {

/// The sentiment of a text from -1 to 1, rounded to four decimals: the compound score of VADER (Hutto and Gilbert 2014)
/// as vaderSentiment 3.3.2 computes it, its oddities included. Ratings of the words, changed by boosters, negations,
/// capitals and idioms around them, are summed (what follows "but" counts more), pushed away from 0 by exclamation and
/// question marks, and brought to (-1, 1) by x / sqrt(x^2 + 15). 0 for a text without rated words. The text is UTF-8;
/// other bytes are characters of no meaning. Time n log n in its length.
double vader_compound(std::string_view text, const VaderLexicon& lexicon);

}  // namespace suites::transforms
