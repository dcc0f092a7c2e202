// A row starts with d of all superblocks, 8 per unit. Each superblock of 8 blocks then has 7 units: 16 signed scales,
// two units of third bits (a word per block), four units of the low 2 bits (half a unit per block).
#define QUANT_MASK 7
#define HIGH_MASK 0
#define OFFSET 4
#define HALVES
#define SUPERBLOCK_UNITS 7
#include "signed_scales.glsl"

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    const uint first = first_of(blocks, superblock);
    const uvec4 third = one_bit_words(quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3));
    quants = two_bit_words(half_unit(unit_at(base, first + 3 + (index >> 1)), index)) & 0x33333333u | (third & 0x11111111u) << 2;
    high = uvec4(0);
}
#include "nibble_places.glsl"
