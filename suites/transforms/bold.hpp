#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace suites {

/// One document for each prompt of a BOLD row (`domain`, `name`, `category`, `prompts`), stripped at the end as the
/// models are asked. Rows on Hinduism and Atheism give none, as in the Llama 2 paper, for they have too few prompts.
std::vector<nlohmann::json> bold_prompts(nlohmann::json row);

}  // namespace suites
