#include "reports/formats/render.hpp"
#include "reports/formats/text_lines.hpp"
#include "reports/sections/ladder.hpp"

namespace reports::formats {

std::string render_ladder(const data::Report& report, std::size_t width) {
    TextLines lines(width);
    bool is_first = true;
    for (const sections::Table& table : sections::ladder_tables(report)) {
        if (!is_first) lines.blank();
        lines.add(table.heading);
        lines.add(table.caption);
        if (is_first) {
            for (const std::string& warning : sections::ladder_warnings(*report.ladder)) lines.add(warning);
        }
        lines.blank();
        lines.add_table(table);
        is_first = false;
    }
    return lines.text();
}

}  // namespace reports::formats
