#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace suites {

/// A row of ToxiGen's annotated set with `hateful`: 1 when the ratings of toxicity to people and to machine text
/// together are above 5.5.
std::vector<nlohmann::json> toxigen_document(nlohmann::json row);

}  // namespace suites
