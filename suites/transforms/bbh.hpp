#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// The answer of a chain of thought, as the pattern `(?<=the answer is )(.*)(?=.)` of the reference finds it: after the
/// first "the answer is " with anything behind it on its line, to the end of the line but for the last character (meant
/// for the point). Stripped.
std::optional<std::string> bbh_answer(std::string_view output);

/// Without one space at the start: what is left where a tokenizer decodes an output by itself, as the reference does.
std::string drop_space(std::string_view text);

}  // namespace suites::transforms
