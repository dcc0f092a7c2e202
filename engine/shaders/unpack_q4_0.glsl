// A row starts with the scales of all blocks, 8 per unit; then one unit of nibbles per block.
#define QUANT_MASK 15
#define HIGH_MASK 0
#define OFFSET 8

uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    return vec4(eighth_unit(unit_at(base, superblock), index));
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    quants = unit_at(base, scale_units(blocks) + superblock * 8 + index);
    high = uvec4(0);
}
#include "nibble_places.glsl"
