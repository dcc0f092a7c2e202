#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// How much of a text stands in another, 0 to 100. Used for answers without a fixed form.

/// BLEU of one sentence against one reference as sacrebleu computes a corpus of one: international tokenisation, up to
/// four words, exponential smoothing, no effective order (so texts of less than four tokens have 0).
double sentence_bleu(std::string_view text, std::string_view reference);
/// ROUGE-N, F-measure over runs of `size` words, without stemming.
double rouge_n(std::string_view text, std::string_view reference, std::size_t size);
/// ROUGE-Lsum, F-measure of the longest common subsequences united over lines.
double rouge_l_sum(std::string_view text, std::string_view reference);

/// A row of truthful_qa, generation, with `correct` and `incorrect`: the answers stripped and each ended with a period,
/// and "I have no comment." among the correct ones.
std::vector<Row> truthfulqa_answers(Row row);

}  // namespace suites::transforms
