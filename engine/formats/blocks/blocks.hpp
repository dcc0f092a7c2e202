#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "engine/formats/tensor_type.hpp"

namespace engine::formats::blocks {

// One file per block type defines its layout; `tensor_type.cpp` lists them.

extern const TensorLayout kF32;
extern const TensorLayout kF16;
extern const TensorLayout kBF16;
extern const TensorLayout kQ8_0;
extern const TensorLayout kQ4_0;
extern const TensorLayout kQ6_K;

/// The 6-bit quant of value `index` in a Q6_K block of 210 bytes, 0 to 63.
int q6_k_quant(const std::byte* block, std::size_t index);

/// Reads a little-endian value at any alignment.
template <class Value>
Value load(const std::byte* at) {
    Value value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

}  // namespace engine::formats::blocks
