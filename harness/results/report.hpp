#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/results/licence.hpp"
#include "harness/store/run_store.hpp"
#include "reports/data/report.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// Cost, command and categories of the runs, which read more of the store than the numbers do.
enum class Background { LeftOut, Taken };

struct ReportOptions {
    std::uint64_t shown_items = 0;  ///< max documents per task to browse; see read_shown_items
    std::string against = {};       ///< model whose published numbers are compared; empty: none
    LicenceNotice notice = LicenceNotice::Shown;
    std::optional<store::RunRow> reference = std::nullopt;  ///< of relative safety grades
    Background background = Background::LeftOut;
};

/// Builds a report, with the studies that rated its runs' answers; several runs are compared by their documents'
/// content. Throws suites::SuiteError for an unknown model and UsageError for a reference without safety prompts.
reports::data::Report make_report(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                                  const suites::Catalog& catalog, const ReportOptions& options = {});

}  // namespace harness::results
