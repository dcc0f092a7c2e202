#pragma once

#include <string>

namespace harness::cli {

/// For an option of lm-evaluation-harness that has no alias here because it means something else: what to use instead,
/// as the end of a message. Empty for other options. `name` is spelled with hyphens.
std::string instead_of_lm_eval_option(const std::string& name);

}  // namespace harness::cli
