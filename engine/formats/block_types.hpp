#pragma once

/// The one list of the block types that weights may have: X(name, number in GGUF, products). The tensor types, their
/// layouts, and the kernels that multiply them (engine/shaders/CMakeLists.txt reads this file too) all follow from it.
///
/// `products` says how fast numerics may multiply a type:
/// - Floats: not at all, fast is exact
/// - Halves: on matrix units, which take halves
/// - Integers: on matrix units and with activations in 8-bit integers
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
