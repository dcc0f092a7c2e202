#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/text.hpp"

namespace suites::transforms {

/// A WikiText page as running text, by the rules of the reference harness, in their order.
std::string wikitext_detokenize(std::string page);

/// Pages of a raw WikiText file, as the data set of pages that the reference harness reads has them: each starts at a
/// top-level heading ` = Title = ` and ends before the line break in front of the next; white space before the first
/// heading is no page.
std::vector<std::string> wikitext_pages(std::string_view raw);

}  // namespace suites::transforms
