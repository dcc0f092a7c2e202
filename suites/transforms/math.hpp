#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Answers to problems of the MATH data set, after Hendrycks et al. 2021.

/// A command and its braces at the front of `text`, to the one that closes them; nullopt when none does.
std::optional<std::string_view> through_braces(std::string_view text);
/// The last `\boxed{...}` or, where there is none, `\fbox{...}` of a solution with its command; `\boxed x` ends at the
/// next dollar sign. nullopt when there is none, or its braces do not close.
std::optional<std::string> last_boxed(std::string_view text);
/// What stands in the last box.
std::optional<std::string> boxed_answer(std::string_view text);

/// What becomes of "3/x", whose sides are no integers: the reference fails on it, its copy in AGIEval leaves it.
enum class NonIntegerFraction { Fails, Unchanged };
/// An answer in the form in which answers are compared: no spaces, units and degrees, fractions and roots with braces.
/// nullopt where the reference fails (a second `\text{ `, a `\frac` or `\sqrt` at the end, `NonIntegerFraction`); it
/// then compares both answers as they were.
std::optional<std::string> hendrycks_normalised(std::string_view answer, NonIntegerFraction slash);
/// Whether two answers are the same after that.
bool hendrycks_equal(std::string_view answer, std::string_view reference, NonIntegerFraction slash);

/// Grader "math_hendrycks": the answer is what stands between the first and the last dollar sign of an output, else all
/// of it.
std::optional<double> grade_math_hendrycks(std::string_view output, std::string_view reference);

/// A row with `problem` and `solution`, with `answer`: the content of the solution's last box.
std::vector<Row> math_problem(Row row);

}  // namespace suites::transforms
