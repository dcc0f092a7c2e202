#pragma once

#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace harness::model {

/// "1,2,3" -> ids. Throws base::UsageError naming `option`.
std::vector<engine::TokenId> parse_ids(const std::string& text, const std::string& option);

}  // namespace harness::model
