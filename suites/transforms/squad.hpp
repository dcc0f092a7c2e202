#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// SQuAD's normalisation: lower case, no ASCII punctuation, no articles, single spaces.
std::string squad_normalise(std::string_view text);

/// F1 of QuAC as in its authors' script. If at least half of the references are "CANNOTANSWER", it is the best F1
/// against that and "Not enough information", "Cannot answer" and "Do not know" (which HELM accepts too). Else it is
/// the mean, over the other references with each left out in turn, of the best F1 against the rest; nullopt when the
/// references' agreement with each other (the same mean, each reference against the rest) is below 0.4. With one
/// reference: plain F1.
std::optional<double> quac_f1(std::string_view answer, const std::vector<std::string>& references);

/// Adds `target`, the first answer or "unanswerable", to a row of squad_v2.
std::vector<Row> squad_document(Row row);
/// One document for each turn of a QuAC dialogue, with `history` (earlier questions with their correct answers),
/// `question`, `passage` and `references`.
std::vector<Row> quac_turns(Row row);

}  // namespace suites::transforms
