#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interchange/ratings_import.hpp"
#include "harness/store/run_store.hpp"

namespace harness::interchange {

/// Labels that people gave stored outputs elsewhere.
struct LabelsImport {
    std::string path;      ///< for messages
    std::string protocol;  ///< "safety", "harm" or "refusal"
    std::string name;      ///< of the study; not empty
    std::vector<store::RunRow> runs = {};
};

struct ImportedLabels {
    ImportedStudy study;
    std::uint64_t labels = 0;     ///< that belong to a stored output
    std::uint64_t unmatched = 0;  ///< rows without a stored output
    std::vector<std::string> first_unmatched = {};
};

/// Reads labels of outputs of these runs as an imported study; README.md shows the fields. A row belongs to the output
/// of its document's id, and where it has the text too, to the one with that text; without an id to every output of the
/// text. Throws InterchangeError with every mistake, and when no row belongs to an output.
ImportedLabels read_labels(const store::RunStore& runs, const LabelsImport& request, std::string_view text);

}  // namespace harness::interchange
