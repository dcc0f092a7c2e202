#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites {

/// Answers to problems of the MATH data set, after appendix D of Lewkowycz et al. 2022 (Minerva).

/// Matcher "minerva_answer": what stands between "Final Answer: The final answer is" and ". I hope it is correct.",
/// the latter supplied where the output ends before it.
std::optional<std::string> minerva_answer(std::string_view output);
/// The last part after `=` without units, dollars and boxes, with braces around what fractions and roots are of.
std::string minerva_normalised(std::string_view answer);

/// Grader "minerva_equivalent": 1 when both are the same text after that, or, where both are expressions that
/// math_algebra.hpp reads, the same value. The reference asks sympy instead: it knows more identities, and gives 0 for
/// every answer that it cannot parse (intervals, tuples, words), even when the texts are the same.
std::optional<double> grade_minerva_equivalent(std::string_view answer, std::string_view reference);

/// A row with `problem` and `solution`, with `answer`: the content of the solution's last box, normalised.
std::vector<Row> minerva_problem(Row row);

}  // namespace suites
