#pragma once

#include <nlohmann/json_fwd.hpp>

namespace suites {

/// A row of a data set, or a part of one. Keys stay in the order of the file: other harnesses hash the text of a row.
using Row = nlohmann::ordered_json;

}  // namespace suites
