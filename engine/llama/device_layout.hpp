#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/formats/tensor_type.hpp"

namespace engine::llama {

inline constexpr std::uint32_t kUnitBytes = 16;
inline constexpr std::uint32_t kBlockValues = 32;

/// Layout of the rows of one tensor type on the device, in units of 16 bytes; the kernels read them with unpack_*.glsl.
struct DeviceLayout {
    formats::TensorType type;
    /// Number of units of a row of `blocks` blocks of 32 values.
    std::uint32_t (*row_units)(std::uint32_t blocks);
    /// Copies one row of a file into device order; `out` is zeroed and row_units long.
    void (*arrange_row)(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out);
};

/// Throws std::logic_error for a type that the file reader supports but the kernels do not.
const DeviceLayout& device_layout(formats::TensorType type);

}  // namespace engine::llama
