#pragma once

#include <vector>

#include "harness/cli/verb.hpp"
#include "harness/results/licence.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {

/// Adds --no-licence-notice.
void licence_notice_option(Verb& verb, results::LicenceNotice& notice);

/// Prints the terms of Llama 2's licence once to standard error, wrapped, if they bind any of the runs and are not
/// silenced.
void print_licence_notice(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                          results::LicenceNotice notice);

}  // namespace harness::cli
