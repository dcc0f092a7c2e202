#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// SQuAD's normalisation: lower case, no ASCII punctuation, no articles, single spaces.
std::string squad_normalise(std::string_view text);

/// QuAC's F1 as its authors' script has it. Where half of the references or more are "CANNOTANSWER", saying so is
/// right, also as "Not enough information", "Cannot answer" or "Do not know" (as HELM takes it): the best F1 of these.
/// Else the mean, over the other references each left out in turn, of the best F1 against the rest; nullopt where the
/// references agree among themselves (the same mean, each against the rest) below 0.4. One reference: plain F1.
std::optional<double> quac_f1(std::string_view answer, const std::vector<std::string>& references);

/// A row of squad_v2 with `target`: the first answer, or "unanswerable".
std::vector<Row> squad_document(Row row);
/// One document for each turn of a QuAC dialogue, with `history` (earlier questions with their correct answers),
/// `question`, `passage` and `references`.
std::vector<Row> quac_turns(Row row);

}  // namespace suites::transforms
