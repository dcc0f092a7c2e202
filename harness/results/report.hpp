#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/report.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

struct ReportOptions {
    std::uint64_t shown_items = 0;  ///< of each task, to browse
    std::string against = {};       ///< a model with published numbers; empty: none
};

/// Runs as reports show them; several are compared by their documents' content. Throws suites::SuiteError for an
/// unknown model.
reports::data::Report make_report(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                                  const suites::Catalog& catalog, const ReportOptions& options = {});

}  // namespace harness::results
