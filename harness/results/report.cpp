#include "harness/results/report.hpp"

#include "harness/results/document_hashes.hpp"
#include "harness/results/published_rows.hpp"
#include "harness/results/rated_studies.hpp"
#include "harness/results/run_view.hpp"
#include "harness/results/safety.hpp"
#include "harness/results/shown_items.hpp"
#include "harness/store/transaction.hpp"

namespace harness::results {

reports::data::Report make_report(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                                  const suites::Catalog& catalog, const ReportOptions& options) {
    const store::ReadTransaction one_moment(runs.database());
    reports::data::Report report;
    for (const store::RunRow& row : rows) report.runs.push_back(run_view(runs, row, catalog));
    take_document_hashes(runs, rows, report.runs);
    read_shown_items(runs, rows, options.shown_items, report.runs);
    if (!options.against.empty()) report.published = published_rows(report.runs, options.against);
    report.studies = rated_studies(runs.database(), rows);
    report.safety = safety_data(runs, rows, options.reference);
    if (options.notice == LicenceNotice::Shown) report.terms = licence_terms(runs, rows);
    return report;
}

}  // namespace harness::results
