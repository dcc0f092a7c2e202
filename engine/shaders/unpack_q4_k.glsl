// Each superblock of 8 blocks has 9 units: the header, then one unit of nibbles per block.
#define QUANT_MASK 15
#define HIGH_MASK 0
#define OFFSET 0
#define MINIMA
#include "k_scales.glsl"

uint weight_units(uint blocks) { return blocks / 8 * 9; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const vec2 scale = k_scale_and_min(unit_at(base, superblock * 9), index);
    return vec4(scale.xx, -scale.yy);
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    quants = unit_at(base, superblock * 9 + 1 + index);
    high = uvec4(0);
}
#include "nibble_places.glsl"
