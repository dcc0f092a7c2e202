#include "reports/sections/terms.hpp"

namespace reports::sections {

std::vector<std::string> terms_lines(const data::Terms& terms) {
    std::vector<std::string> lines = {terms.notice};
    lines.insert(lines.end(), terms.rules.begin(), terms.rules.end());
    for (const std::string& run : terms.runs) lines.push_back("Applies to " + run);
    return lines;
}

}  // namespace reports::sections
