#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "reports/data/documents.hpp"

namespace reports::sections {

/// Pairs the items of two runs that belong to the same document.
struct Pairing {
    enum class By {
        Content,  ///< equal documents with equal correct answers
        Row,      ///< equal documents only: two tools may write correct answers differently
        Number,   ///< equal document numbers: nothing else is known
    } by = By::Content;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;  ///< indices into a and b, in the order of a
    std::vector<std::size_t> only_a;                         ///< indices without a partner
    std::vector<std::size_t> only_b;
};

/// By content if known, whatever the documents' numbers; equal documents pair in order. If one run is imported, by row;
/// if no row is equal, since a tool may store other columns, by number.
Pairing pair_documents(const data::Documents& a, const data::Documents& b);

}  // namespace reports::sections
