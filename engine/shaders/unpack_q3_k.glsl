// d of 8 superblocks in a unit, all before the rest. Per superblock of 8 blocks 7 units: 16 signed scales, two units of third
// bits (a word per block), four of pairs of bits (half a unit per block). scale * quant is a small integer, so exact.
#include "quants.glsl"

uint head_units(uint blocks) { return (blocks / 8 + 7) / 8; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks / 8 * 7; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 7;
    const vec2 scale = vec2(byte_pair(unit_at(base, first), index));
    const uint third = quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3);
    const uvec2 low = half_unit(unit_at(base, first + 3 + (index >> 1)), index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * (float(int((low.x >> (2 * i) & 3) | (third >> i & 1) << 2)) - 4.0);
        w[i + 16] = scale.y * (float(int((low.y >> (2 * i) & 3) | (third >> (i + 16) & 1) << 2)) - 4.0);
    }
    return eighth_unit(unit_at(base, superblock >> 3), superblock & 7);
}

#define PRODUCTS 8
#define HALVES
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 7;
    const uint third = quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3);
    const uvec2 low = half_unit(unit_at(base, first + 3 + (index >> 1)), index);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] = (two_bit_pair(low, m, 0) | bit_pair(third, m, 2)) - 0x00040004u;
    s = vec4(eighth_unit(unit_at(base, superblock >> 3), superblock & 7) * vec2(byte_pair(unit_at(base, first), index)), 0.0, 0.0);
}
