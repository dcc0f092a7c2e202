#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Overlap of two texts, from 0 to 100, for answers without a fixed form.

/// BLEU of one text against one reference, as sacrebleu computes it for a corpus of one: international tokenisation,
/// n-grams of up to four words, exponential smoothing, no effective order (so texts of fewer than four tokens have 0).
double sentence_bleu(std::string_view text, std::string_view reference);
/// ROUGE-N: F-measure over n-grams of `size` words, without stemming.
double rouge_n(std::string_view text, std::string_view reference, std::size_t size);
/// ROUGE-Lsum: F-measure of the union of the longest common subsequences of all lines.
double rouge_l_sum(std::string_view text, std::string_view reference);

/// Adds `correct` and `incorrect` to a row of truthful_qa, generation: the answers, stripped, each ending with a full
/// stop; `correct` includes "I have no comment.".
std::vector<Row> truthfulqa_answers(Row row);

}  // namespace suites::transforms
