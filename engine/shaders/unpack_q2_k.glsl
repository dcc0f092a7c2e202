// d and dmin of 4 superblocks in a unit, all before the rest. Per superblock of 8 blocks 5 units: 16 bytes of scale and minimum
// (a nibble each), four units of pairs of bits (half a unit per block).
#include "quants.glsl"

uint head_units(uint blocks) { return (blocks / 8 + 3) / 4; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks / 8 * 5; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 5;
    const vec2 d = unpackHalf2x16(quarter_unit(unit_at(base, superblock >> 2), superblock & 3));
    const ivec2 both = byte_pair(unit_at(base, first), index);
    const vec2 scale = d.x * vec2(both & 15);
    const vec2 least = d.y * vec2(both >> 4 & 15);
    const uvec2 low = half_unit(unit_at(base, first + 1 + (index >> 1)), index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * float(int(low.x >> (2 * i) & 3)) - least.x;
        w[i + 16] = scale.y * float(int(low.y >> (2 * i) & 3)) - least.y;
    }
    return 1.0;
}

#define PRODUCTS 8
#define HALVES
#define MINIMA
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 5;
    const uvec2 low = half_unit(unit_at(base, first + 1 + (index >> 1)), index);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] = two_bit_pair(low, m, 0);
    const vec2 d = unpackHalf2x16(quarter_unit(unit_at(base, superblock >> 2), superblock & 3));
    const ivec2 both = byte_pair(unit_at(base, first), index);
    s = vec4(d.x * vec2(both & 15), -d.y * vec2(both >> 4 & 15));
}
