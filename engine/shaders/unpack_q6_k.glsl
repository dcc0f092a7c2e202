// d of 8 superblocks in a unit, all before the rest. Per superblock of 8 blocks 13 units: 16 signed scales, four units of high
// pairs of bits (half a unit per block), one unit of low nibbles per block. scale * quant is a small integer, so exact.
#include "quants.glsl"

uint head_units(uint blocks) { return (blocks / 8 + 7) / 8; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks / 8 * 13; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 13;
    const vec2 scale = vec2(byte_pair(unit_at(base, first), index));
    const uvec2 high = half_unit(unit_at(base, first + 1 + (index >> 1)), index);
    const uvec4 low = unit_at(base, first + 5 + index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * (float(int(low_nibble(low, i) | (high.x >> (2 * i) & 3) << 4)) - 32.0);
        w[i + 16] = scale.y * (float(int(high_nibble(low, i) | (high.y >> (2 * i) & 3) << 4)) - 32.0);
    }
    return eighth_unit(unit_at(base, superblock >> 3), superblock & 7);
}

#define PRODUCTS 4
#define HALVES
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uint first = head_units(blocks) + superblock * 13;
    const uvec2 high = half_unit(unit_at(base, first + 1 + (index >> 1)), index);
    nibble_pairs(unit_at(base, first + 5 + index), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] = (a[m] | two_bit_pair(high, m, 4)) - 0x00200020u;
    s = vec4(eighth_unit(unit_at(base, superblock >> 3), superblock & 7) * vec2(byte_pair(unit_at(base, first), index)), 0.0, 0.0);
}
