#pragma once

/// The only list of the block types of weights: X(name, number in GGUF, products). The tensor types, their layouts and
/// the kernels that multiply them are generated from it (engine/shaders/CMakeLists.txt reads this file too).
///
/// `products`: how fast numerics multiply the type:
/// - Floats: as exact numerics do
/// - Halves: on matrix units, as f16
/// - Integers: on matrix units as f16, or with activations in 8-bit integers
#define BELLWETHER_BLOCK_TYPES(X) \
    X(F32, 0, Floats)             \
    X(F16, 1, Halves)             \
    X(BF16, 30, Floats)           \
    X(Q8_0, 8, Integers)          \
    X(Q4_0, 2, Integers)          \
    X(Q4_1, 3, Integers)          \
    X(Q5_0, 6, Integers)          \
    X(Q5_1, 7, Integers)          \
    X(Q2_K, 10, Integers)         \
    X(Q3_K, 11, Integers)         \
    X(Q4_K, 12, Integers)         \
    X(Q5_K, 13, Integers)         \
    X(Q6_K, 14, Integers)         \
    X(IQ4_NL, 20, Integers)       \
    X(IQ4_XS, 23, Integers)
