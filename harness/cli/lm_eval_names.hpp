#pragma once

#include <string>

namespace harness::cli {

/// For an option of lm-evaluation-harness that means something else here: the end of a message that names the option to
/// use instead. Empty for other options. `name` is spelled with hyphens.
std::string instead_of_lm_eval_option(const std::string& name);

/// The verb for a word of other programs: "suites list" for "tasks". Empty for other words.
std::string instead_of_other_verb(const std::string& word);

}  // namespace harness::cli
