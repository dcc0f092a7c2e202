#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// The answer of an output to a problem of AGIEval's `math`: the content of the last box (after its last `=`); else
/// what stands between the dollar signs of the last line that has two (after its last `=`); else what follows the last
/// `=`; else the last number that no letter or digit follows.
std::optional<std::string> agieval_math_answer(std::string_view output);

/// Grader "agieval_math". As in the reference, the correct answer goes through the same parser as the output, so that
/// of
/// "\frac{1}{2}" only "2" is compared, and two answers of which the parser makes nothing are the same.
std::optional<double> grade_agieval_math(std::string_view output, std::string_view reference);

}  // namespace suites::transforms
