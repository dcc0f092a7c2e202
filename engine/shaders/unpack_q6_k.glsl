// A row starts with d of all superblocks, 8 per unit. Each superblock of 8 blocks then has 13 units: 16 signed scales,
// four units of the high 2 bits (half a unit per block), one unit of low nibbles per block.
#define QUANT_MASK 15
#define HIGH_MASK 3
#define OFFSET 32
#define HALVES
#define SUPERBLOCK_UNITS 13
#include "signed_scales.glsl"

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    const uint first = first_of(blocks, superblock);
    quants = unit_at(base, first + 5 + index);
    high = two_bit_words(half_unit(unit_at(base, first + 1 + (index >> 1)), index));
}
#include "nibble_places.glsl"
