#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites {

/// SQuAD's normalisation: lower case, no ASCII punctuation, no articles, single spaces.
std::string squad_normalise(std::string_view text);
/// 1 when both are the same after normalisation.
double squad_exact(std::string_view answer, std::string_view reference);
/// Harmonic mean of precision and recall over multisets of words; when one side has none, 1 if both have none.
double squad_f1(std::string_view answer, std::string_view reference);

/// A row of squad_v2 with `target`: the first answer, or "unanswerable".
std::vector<Row> squad_document(Row row);
/// One document for each turn of a QuAC dialogue, with `history` (earlier questions with their right answers),
/// `question`, `passage` and `references`.
std::vector<Row> quac_turns(Row row);

}  // namespace suites
