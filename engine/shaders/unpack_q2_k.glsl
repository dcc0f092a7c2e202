// A row starts with d and dmin of all superblocks, 4 per unit. Each superblock of 8 blocks then has 5 units: 16 bytes
// of scale and minimum (a nibble each), four units of 2-bit quants (half a unit per block).
#define QUANT_MASK 3
#define HIGH_MASK 0
#define OFFSET 0
#define HALVES
#define MINIMA

uint head_units(uint blocks) { return (blocks / 8 + 3) / 4; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks / 8 * 5; }
uint first_of(uint blocks, uint superblock) { return head_units(blocks) + superblock * 5; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const vec2 d = unpackHalf2x16(quarter_unit(unit_at(base, superblock >> 2), superblock & 3));
    const ivec2 both = byte_pair(unit_at(base, first_of(blocks, superblock)), index);
    precise const vec4 whole = vec4(d.x * vec2(both & 15), -d.y * vec2(both >> 4 & 15));
    return whole;
}

void words_of(uint base, uint blocks, uint superblock, uint index, out uvec4 quants, out uvec4 high) {
    quants = two_bit_words(half_unit(unit_at(base, first_of(blocks, superblock) + 1 + (index >> 1)), index));
    high = uvec4(0);
}
#include "nibble_places.glsl"
