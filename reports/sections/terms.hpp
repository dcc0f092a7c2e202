#pragma once

#include <string>
#include <vector>

#include "reports/data/terms.hpp"

namespace reports::sections {

/// Terms as lines of hostile text, the same in all formats: the notice, the rules, and to which runs they apply.
std::vector<std::string> terms_lines(const data::Terms& terms);

}  // namespace reports::sections
