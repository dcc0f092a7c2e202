#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/text.hpp"

namespace suites::transforms {

/// Converts a WikiText page to running text by the rules of lm-evaluation-harness, in the same order.
std::string wikitext_detokenize(std::string page);

/// Splits a raw WikiText file into pages, like the data set that lm-evaluation-harness reads: a page starts at a
/// top-level heading ` = Title = ` and ends before the line break in front of the next one; white space before the
/// first heading is dropped.
std::vector<std::string> wikitext_pages(std::string_view raw);

}  // namespace suites::transforms
