#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/formats/tensor_type.hpp"

namespace engine::formats {

/// One tensor of a model file. `dims` is in GGUF order: dims[0] is the row length (the reduced axis of a matrix),
/// dims[1] the number of rows.
struct TensorInfo {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::uint64_t> dims;
    std::uint64_t size_bytes = 0;
    std::uint64_t offset = 0;  ///< From the start of the file that holds it.
    std::size_t part = 0;      ///< Index of the file that holds it, for a model in several files.

    std::uint64_t columns() const { return dims.empty() ? 1 : dims[0]; }
    std::uint64_t rows() const;
};

}  // namespace engine::formats
