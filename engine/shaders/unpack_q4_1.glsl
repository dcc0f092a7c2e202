// A row starts with scale and minimum of all blocks, 4 per unit; then one unit of nibbles per block.
#define QUANT_MASK 15
#define HIGH_MASK 0
#define OFFSET 0
#define MINIMA

uint head_units(uint blocks) { return (blocks + 3) / 4; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const vec2 head = unpackHalf2x16(quarter_unit(unit_at(base, superblock * 2 + (index >> 2)), index & 3));
    return head.xxyy;
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    quants = unit_at(base, head_units(blocks) + superblock * 8 + index);
    high = uvec4(0);
}
#include "nibble_places.glsl"
