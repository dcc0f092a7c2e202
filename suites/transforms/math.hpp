#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Answers to problems of the MATH data set, after Hendrycks et al. 2021.

/// The command at the start of `text` with its braces; nullopt when the braces do not close.
std::optional<std::string_view> through_braces(std::string_view text);
/// The last `\boxed{...}` of a solution, else the last `\fbox{...}`, including the command; `\boxed x` ends at the next
/// dollar sign. nullopt when there is none, or its braces do not close.
std::optional<std::string> last_boxed(std::string_view text);
/// The content of the last box.
std::optional<std::string> boxed_answer(std::string_view text);

/// How normalisation treats "3/x", a fraction that does not consist of integers: the reference fails, its copy in
/// AGIEval leaves it unchanged.
enum class NonIntegerFraction { Fails, Unchanged };
/// An answer normalised for comparison: no spaces, units and degrees; fractions and roots with braces. nullopt when the
/// reference fails (a second `\text{ `, a `\frac` or `\sqrt` at the end, `NonIntegerFraction`); it then compares both
/// answers unchanged.
std::optional<std::string> hendrycks_normalised(std::string_view answer, NonIntegerFraction slash);
/// Whether two answers are equal after this normalisation.
bool hendrycks_equal(std::string_view answer, std::string_view reference, NonIntegerFraction slash);

/// Grader "math_hendrycks": the answer is the text between the first and the last dollar sign of an output, else the
/// whole output.
std::optional<double> grade_math_hendrycks(std::string_view output, std::string_view reference);

/// Adds `answer`, the content of the solution's last box, to a row with `problem` and `solution`.
std::vector<Row> math_problem(Row row);

}  // namespace suites::transforms
