#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Answers to problems of the MATH data set, after appendix D of Lewkowycz et al. 2022 (Minerva).

/// Matcher "minerva_answer": what stands between "Final Answer: The final answer is" and ". I hope it is correct.",
/// the latter supplied where the output ends before it.
std::optional<std::string> minerva_answer(std::string_view output);
/// The last part after `=` without units, dollars and boxes, with braces around what fractions and roots are of.
std::string minerva_normalised(std::string_view answer);

/// What two answers are found to be after that. The reference asks sympy: it knows more identities than
/// math_algebra.hpp, and gives 0 for every answer that it cannot parse (intervals, tuples, words), even when the texts
/// are the same.
enum class MinervaVerdict {
    EqualText,     ///< the same text, an expression that is read here; the reference agrees
    EqualUnread,   ///< the same text, not read here: equal here, and in the reference where sympy can parse it
    EqualValue,    ///< different texts of the same value
    Different,     ///< of different values
    NeedsAlgebra,  ///< different texts, one not read here: different here, and in the reference unless sympy knows
                   ///< better
};
MinervaVerdict minerva_verdict(std::string_view answer, std::string_view reference);
/// Grader "minerva_equivalent": 1 where they are equal in one of the three ways.
std::optional<double> grade_minerva_equivalent(std::string_view answer, std::string_view reference);
/// Its counters "equal_unread", "equal_by_value" and "needs_algebra": by which rule it decided.
std::map<std::string, double> count_minerva_equivalent(std::string_view answer, std::string_view reference);

/// A row with `problem` and `solution`, with `answer`: the content of the solution's last box, normalised.
std::vector<Row> minerva_problem(Row row);

}  // namespace suites::transforms
