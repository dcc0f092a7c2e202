// Per superblock of 8 blocks 9 units: the header, then one unit of nibbles per block.
#include "quants.glsl"
#include "k_scales.glsl"

uint weight_units(uint blocks) { return blocks / 8 * 9; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint first = (block >> 3) * 9;
    const vec2 scale = k_scale_and_min(unit_at(base, first), block & 7);
    const uvec4 unit = unit_at(base, first + 1 + (block & 7));
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * float(int(low_nibble(unit, i))) - scale.y;
        w[i + 16] = scale.x * float(int(high_nibble(unit, i))) - scale.y;
    }
    return 1.0;
}

#define PRODUCTS 16
#define MINIMA
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uint first = (block >> 3) * 9;
    nibble_pairs(unit_at(base, first + 1 + (block & 7)), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] -= 0x00080008u;
    const vec2 scale = k_scale_and_min(unit_at(base, first), block & 7);
    s = vec4(scale.xx, vec2(8.0 * scale.x - scale.y));
}
