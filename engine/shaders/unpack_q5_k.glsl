// Per superblock of 8 blocks 11 units: the header, two units of fifth bits (a word per block), one of nibbles per block.
#include "quants.glsl"
#include "k_scales.glsl"

uint weight_units(uint blocks) { return blocks / 8 * 11; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint first = (block >> 3) * 11;
    const uint index = block & 7;
    const vec2 scale = k_scale_and_min(unit_at(base, first), index);
    const uint fifth = quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3);
    const uvec4 unit = unit_at(base, first + 3 + index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * float(int(low_nibble(unit, i) | (fifth >> i & 1) << 4)) - scale.y;
        w[i + 16] = scale.x * float(int(high_nibble(unit, i) | (fifth >> (i + 16) & 1) << 4)) - scale.y;
    }
    return 1.0;
}

#define PRODUCTS 8
#define MINIMA
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uint first = (block >> 3) * 11;
    const uint index = block & 7;
    const uint fifth = quarter_unit(unit_at(base, first + 1 + (index >> 2)), index & 3);
    nibble_pairs(unit_at(base, first + 3 + index), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] = (a[m] | bit_pair(fifth, m, 4)) - 0x00100010u;
    const vec2 scale = k_scale_and_min(unit_at(base, first), index);
    s = vec4(scale.xx, vec2(16.0 * scale.x - scale.y));
}
