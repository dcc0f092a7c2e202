// Each superblock of 8 blocks has 11 units: the header, two units of fifth bits (a word per block), one unit of nibbles
// per block.
#define QUANT_MASK 15
#define HIGH_MASK 1
#define OFFSET 0
#define MINIMA
#include "k_scales.glsl"

uint weight_units(uint blocks) { return blocks / 8 * 11; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const vec2 scale = k_scale_and_min(unit_at(base, superblock * 11), index);
    return vec4(scale.xx, -scale.yy);
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    const uint first = superblock * 11;
    quants = unit_at(base, first + 3 + index);
    high = one_bit_words(quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3));
}
#include "nibble_places.glsl"
