// A row starts with the heads of all blocks, 2 per unit: f16 scale, 2 unused bytes, 32 fifth bits. Then one unit of
// nibbles per block.
#define QUANT_MASK 15
#define HIGH_MASK 1
#define OFFSET 16

uint head_units(uint blocks) { return (blocks + 1) / 2; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }
uvec2 head_of(uint base, uint superblock, uint index) { return half_unit(unit_at(base, superblock * 4 + (index >> 1)), index); }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    return vec4(unpackHalf2x16(head_of(base, superblock, index).x).x);
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    quants = unit_at(base, head_units(blocks) + superblock * 8 + index);
    high = one_bit_words(head_of(base, superblock, index).y);
}
#include "nibble_places.glsl"
