#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// Extracts the answer to a problem of AGIEval's `math`: the content of the last box (after its last `=`); else the
/// text between the dollar signs of the last line that has two (after its last `=`); else the text after the last `=`;
/// else the last number that is not followed by a letter or digit.
std::optional<std::string> agieval_math_answer(std::string_view output);

/// Grader "agieval_math". As in AGIEval's code, the correct answer goes through the same parser as the output, so that
/// only "2" of "\frac{1}{2}" is compared, and two answers from which nothing can be extracted are equal.
std::optional<double> grade_agieval_math(std::string_view output, std::string_view reference);

}  // namespace suites::transforms
