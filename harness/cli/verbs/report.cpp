#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/rendered_runs.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/ladder_file.hpp"
#include "harness/results/report.hpp"
#include "harness/results/shown_items.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

struct ReportOptions {
    std::vector<std::string> runs;
    std::string database;
    std::string out;
    std::string against;
    std::string reference;  ///< run of relative safety grades; empty: none
    std::uint64_t shown_items = results::kMaxBrowsedDocuments;
    std::string ladder;  ///< JSON report with a quantisation ladder; empty: none
    results::LicenceNotice notice = results::LicenceNotice::Shown;
};

ExitCode report(const ReportOptions& options) {
    base::OutputFile out(options.out);
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    std::vector<store::RunRow> rows;
    for (const std::string& reference : options.runs) rows.push_back(resolve(runs, reference));
    results::ReportOptions content{
        .shown_items = options.shown_items, .against = options.against, .notice = options.notice};
    content.background = results::Background::Taken;
    if (!options.reference.empty()) content.reference = resolve(runs, options.reference);
    reports::data::Report made = results::make_report(runs, rows, task_catalog(), content);
    if (!options.ladder.empty()) made.ladder = results::read_ladder(options.ladder);
    out.write(render_as(made, options.out));
    out.finish();
    print("{}\n", options.out);
    return ExitCode::Done;
}

}  // namespace

void add_report(Verb& root) {
    Verb& verb = root.verb("report", "Report of one run, or of several side by side");
    auto& options = verb.command(report);
    verb.arguments("RUN", texts(options.runs), kRunHelp).required();
    verb.option("--out", "FILE", text_not_empty(options.out),
                "File: .html, .md, .json, or .csv with the numbers as a table")
        .required();
    database_option(verb, options.database);
    against_option(verb, options.against);
    verb.option("--items", "N", whole_number(options.shown_items),
                "Max items per task to browse in the page, those on which the runs differ first (default: as many as "
                "fit, 20000 of all tasks together)");
    verb.option("--reference", "RUN", text_not_empty(options.reference),
                "Grade the safety of each run relative to this run, as MLCommons does; both need scores of one judge");
    verb.option("--ladder", "FILE", text_not_empty(options.ladder),
                "Adds the quantisation ladder of a file that 'ladder --out FILE.json' wrote, with the runs' scores")
        .of_its_verb();
    licence_notice_option(verb, options.notice);
    verb.example("bellwether report 1 2 --out report.html");
    verb.example("bellwether report 2 3 --reference 1 --out safety.html");
}

}  // namespace harness::cli
