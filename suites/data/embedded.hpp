#pragma once

#include <string_view>
#include <vector>

#include "suites/embedded_file.hpp"

namespace suites::data {

/// Task definitions, demo data and demo models.
const std::vector<EmbeddedFile>& embedded_files();
/// Whether a task's data file is in the binary and not in a data folder: "demo:NAME" is one of embedded_files(),
/// "set:NAME" is added to the catalogue by another folder.
bool is_embedded(std::string_view file);
/// Tables of published numbers.
const std::vector<EmbeddedFile>& published_files();
/// Only sources.json.
const std::vector<EmbeddedFile>& source_files();

}  // namespace suites::data
