#pragma once

#include <string>

namespace harness::cli {

/// For an option of lm-evaluation-harness that has no alias here because it means something else: what to use instead,
/// as the end of a message. Empty for other options. `name` is spelled with hyphens.
std::string instead_of_lm_eval_option(const std::string& name);

/// What is called here what other programs call `word`: "suites list" for "tasks". Empty for other words.
std::string instead_of_other_verb(const std::string& word);

}  // namespace harness::cli
