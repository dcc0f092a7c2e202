#pragma once

#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// A row of ToxiGen's annotated set with `hateful`: 1 when the ratings of toxicity to people and to machine text
/// together are above 5.5.
std::vector<Row> toxigen_document(Row row);

}  // namespace suites::transforms
