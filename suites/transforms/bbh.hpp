#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// Extracts the answer of a chain of thought like the pattern `(?<=the answer is )(.*)(?=.)` of lm-evaluation-harness:
/// the text after the first "the answer is " that is followed by something on its line, up to the end of the line
/// without its last character (meant for the full stop); stripped.
std::optional<std::string> bbh_answer(std::string_view output);

/// Removes one leading space, as when an output is decoded without its prompt, which lm-evaluation-harness does.
std::string drop_space(std::string_view text);

}  // namespace suites::transforms
