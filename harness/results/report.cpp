#include "harness/results/report.hpp"

#include "harness/results/categories.hpp"
#include "harness/results/document_hashes.hpp"
#include "harness/results/published_rows.hpp"
#include "harness/results/rated_studies.hpp"
#include "harness/results/run_command.hpp"
#include "harness/results/run_cost.hpp"
#include "harness/results/run_view.hpp"
#include "harness/results/safety.hpp"
#include "harness/results/shown_items.hpp"
#include "harness/store/transaction.hpp"

namespace harness::results {
namespace {

void add_background(const store::RunStore& runs, const store::RunRow& row, const suites::Catalog& catalog,
                    reports::data::RunView& view) {
    view.cost = run_cost(runs, row);
    view.reproduction = run_command(runs, row, catalog);
    const std::vector<store::RunTaskRow> tasks = runs.tasks(row.id);
    for (std::size_t i = 0; i < tasks.size(); ++i) view.tasks[i].categories = categories_of(runs, tasks[i].id);
}

}  // namespace

reports::data::Report make_report(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                                  const suites::Catalog& catalog, const ReportOptions& options) {
    const store::ReadTransaction one_moment(runs.database());
    reports::data::Report report;
    const DocumentHashes hashes = rows.size() > 1 ? DocumentHashes::OfStoredText : DocumentHashes::None;
    for (const store::RunRow& row : rows) {
        report.runs.push_back(run_view(runs, row, catalog, hashes));
        if (options.background == Background::Taken) add_background(runs, row, catalog, report.runs.back());
    }
    make_hashes_comparable(runs, rows, report.runs);
    read_shown_items(runs, rows, options.shown_items, report.runs);
    if (!options.against.empty()) report.published = published_rows(report.runs, options.against);
    report.studies = rated_studies(runs.database(), rows);
    report.safety = safety_data(runs, rows, options.reference);
    if (options.notice == LicenceNotice::Shown) report.terms = licence_terms(runs, rows);
    return report;
}

}  // namespace harness::results
