#include "harness/cli/table_print.hpp"

#include "harness/cli/print.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/formats/table_text.hpp"

namespace harness::cli {

reports::sections::Table table_of(std::vector<std::pair<std::string, reports::sections::Column>> columns) {
    reports::sections::Table table;
    for (auto& [title, column] : columns) {
        table.titles.push_back(std::move(title));
        table.columns.push_back(column);
    }
    return table;
}

void print_table(const reports::sections::Table& table, std::size_t plain_columns) {
    print_trusted(reports::formats::terminal_table(table, table_width(plain_columns)));
}

}  // namespace harness::cli
