// Interface of the weight types. A block has the number superblock * 8 + index in its row.
// weight_units(blocks): number of units of a row.
// unpack(base, blocks, superblock, index, w, s): the 32 values of a block. The weight is s.x * w + s.z in the first
// half of the block and s.y * w + s.w in the second. HALVES: x and y differ; MINIMA: z and w are not zero; PLAIN: the
// weight is w. PRESCALE_NIBBLES, PRESCALE_BYTES: w is multiplied by a power of two that depends on the value's place,
// see prescale(). pairs(..., a, s): for the integer types, the quants as 16 pairs a + b * 65536: pair m holds values v
// and v + 2, v = m / 2 * 4 + m % 2. PRODUCTS: pairs that may be multiplied with 8-bit activations and added before a
// sum leaves 16 bits. RAW_OFFSET: offset that the kernel must still subtract from each quant.
#include "quants.glsl"
#include "weights.glsl"  // the unpack_*.glsl of the weight type, from a folder that the build makes for each type

// Factors for activations that cancel the weights' powers of two; lane l has values 4l to 4l + 3 of a block.
vec4 prescale(uint lane) {
#if defined(PRESCALE_NIBBLES)
    return vec4(1.0, 1.0 / 256.0, 1.0, 1.0 / 256.0) * ((lane & 4) != 0 ? 1.0 / 16.0 : 1.0);
#elif defined(PRESCALE_BYTES)
    return vec4(1.0, 1.0 / 256.0, 1.0, 1.0 / 256.0);
#else
    return vec4(1.0);
#endif
}
