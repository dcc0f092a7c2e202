#pragma once

#include <string_view>
#include <vector>

namespace suites::data {

/// A file that the build put into the binary.
struct EmbeddedFile {
    std::string_view name;  ///< without folder, e.g. "gsm8k.json"
    std::string_view content;
};
/// Task definitions, demo data and demo models.
const std::vector<EmbeddedFile>& embedded_files();
/// Tables of published numbers.
const std::vector<EmbeddedFile>& published_files();
/// sources.json alone.
const std::vector<EmbeddedFile>& source_files();

}  // namespace suites::data
