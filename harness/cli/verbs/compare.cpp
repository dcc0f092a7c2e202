#include <fmt/format.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/print_json_part.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/results/report.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/formats/item_differences.hpp"
#include "reports/formats/render.hpp"

namespace harness::cli {
namespace {

struct CompareOptions {
    std::string first;
    std::string second;
    std::string database;
    bool items = false;
    double tolerance = 0.001;
    std::size_t limit = std::numeric_limits<std::size_t>::max();
    bool expect_identical = false;
    std::string against;
    results::LicenceNotice notice = results::LicenceNotice::Shown;
    bool json = false;
};

enum class DifferenceFormat { Text, Json };

/// Prints the items while they are read: all of a large run may differ.
void print_differences(const results::ItemDifferences& differences, std::size_t limit, DifferenceFormat format) {
    const reports::data::ItemStream items = differences.items(limit);
    if (format == DifferenceFormat::Json) {
        reports::formats::write_json(differences.summary(), items, print_json_part);
        print_trusted("\n");
    } else {
        reports::formats::write_terminal(differences.summary(), items, table_width(), print_trusted);
    }
}

ExitCode compare(const CompareOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    const store::RunRow first = resolve(runs, options.first);
    const store::RunRow second = resolve(runs, options.second);
    if (options.items) {
        const store::ReadTransaction one_moment(database);
        const results::ItemDifferences differences(runs, first, second, options.tolerance);
        print_differences(differences, options.limit, options.json ? DifferenceFormat::Json : DifferenceFormat::Text);
        const bool failed = options.expect_identical && !differences.identical();
        return failed ? ExitCode::CheckFailed : ExitCode::Done;
    }
    const auto background = options.json ? results::Background::Taken : results::Background::LeftOut;
    const reports::data::Report report =
        results::make_report(runs, {first, second}, task_catalog(),
                             {.against = options.against, .notice = options.notice, .background = background});
    if (options.json) {
        print_json_text(reports::formats::render_json(report));
    } else {
        print_trusted(reports::formats::render_terminal(report, table_width()));
    }
    return ExitCode::Done;
}

}  // namespace

void add_compare(Verb& root) {
    Verb& verb = root.verb("compare", "Paired comparison of two runs");
    auto& options = verb.command(compare);
    verb.argument("FIRST", text_not_empty(options.first), kRunHelp).required();
    verb.argument("SECOND", text_not_empty(options.second), kRunHelp).required();
    database_option(verb, options.database);
    Option& against = against_option(verb, options.against);
    json_flag(verb, options.json);
    licence_notice_option(verb, options.notice);
    verb.heading("Items");
    Option& items = verb.flag("--items", truth(options.items),
                              "Every item whose prompt, continuation, output, log-probability or verdict differs")
                        .of_its_verb();
    against.excludes(items);
    verb.option("--tolerance", "X", real_number(options.tolerance, 0, std::numeric_limits<double>::infinity()),
                "With --items: log-probabilities that differ by at most X are equal (default: 0.001)")
        .needs(items);
    verb.option("--limit", "N", whole_number(options.limit, 1),
                "With --items: print the first N items of each task; all are compared and counted (default: all)")
        .of_its_verb()
        .needs(items);
    verb.flag("--expect-identical", truth(options.expect_identical), "With --items: exit code 1 when anything differs")
        .needs(items);
    verb.example("bellwether compare 1 2");
    verb.example("bellwether compare 1 2 --items --limit 20 --tolerance 0.0001");
}

}  // namespace harness::cli
