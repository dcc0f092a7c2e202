#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Answers to problems of the MATH data set, after appendix D of Lewkowycz et al. 2022 (Minerva).

/// Matcher "minerva_answer": the text between "Final Answer: The final answer is" and ". I hope it is correct."; the
/// last sentence is appended to the output first, in case it ends too early.
std::optional<std::string> minerva_answer(std::string_view output);
/// An answer normalised for comparison: the part after the last `=`, without units, dollars and boxes, with braces
/// around the arguments of fractions and roots.
std::string minerva_normalised(std::string_view answer);

/// Result of comparing two normalised answers. The reference uses sympy, which knows more identities than
/// math_algebra.hpp, and gives 0 for every answer that it cannot parse (intervals, tuples, words), even when the
/// strings are equal.
enum class MinervaVerdict {
    EqualText,     ///< equal strings that can be parsed here; the reference agrees
    EqualUnread,   ///< equal strings that cannot be parsed here; equal in the reference if sympy parses them
    EqualValue,    ///< different strings with the same value
    Different,     ///< different values
    NeedsAlgebra,  ///< different strings, one cannot be parsed here: counted as different, sympy may
                   ///< find them equal
};
MinervaVerdict minerva_verdict(std::string_view answer, std::string_view reference);
/// Grader "minerva_equivalent": 1 for the three kinds of Equal, else 0.
std::optional<double> grade_minerva_equivalent(std::string_view answer, std::string_view reference);
/// Counters of that grader: "equal_unread", "equal_by_value" and "needs_algebra" say which rule decided.
std::map<std::string, double> count_minerva_equivalent(std::string_view answer, std::string_view reference);

/// Adds `answer`, the normalised content of the solution's last box, to a row with `problem` and `solution`.
std::vector<Row> minerva_problem(Row row);

}  // namespace suites::transforms
