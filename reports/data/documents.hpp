#pragma once

#include <cstdint>
#include <vector>

namespace reports::data {

/// Which documents the items of a task are of. Same index, same item.
struct Documents {
    std::vector<std::uint64_t> numbers;
    /// Hash of the document and its correct answer, so that a changed answer is another document. Empty: not known.
    std::vector<std::uint64_t> contents = {};
    /// Hash of the document alone, which two tools share that write correct answers in different ways. Empty: not
    /// known.
    std::vector<std::uint64_t> rows = {};
    bool imported = false;  ///< another tool read the data and wrote these documents
};

}  // namespace reports::data
