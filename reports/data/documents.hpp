#pragma once

#include <cstdint>
#include <vector>

namespace reports::data {

/// The documents of a task's items. All vectors have the same index.
struct Documents {
    std::vector<std::uint64_t> numbers;
    /// Hash of document and correct answer, so that a changed answer is another document. Empty: unknown.
    std::vector<std::uint64_t> contents = {};
    /// Hash of the document only: the same for two tools that write correct answers differently. Empty: unknown.
    std::vector<std::uint64_t> rows = {};
    bool imported = false;  ///< the documents come from another tool's log
};

}  // namespace reports::data
