// Two blocks share a unit, all before the quants: half scale, half minimum, 32 fifth bits. One unit of nibbles per block.
#include "quants.glsl"

uint head_units(uint blocks) { return (blocks + 1) / 2; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uvec2 head = half_unit(unit_at(base, block >> 1), block);
    const uvec4 unit = unit_at(base, head_units(blocks) + block);
    const vec2 scale = unpackHalf2x16(head.x);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = scale.x * float(int(low_nibble(unit, i) | (head.y >> i & 1) << 4)) + scale.y;
        w[i + 16] = scale.x * float(int(high_nibble(unit, i) | (head.y >> (i + 16) & 1) << 4)) + scale.y;
    }
    return 1.0;
}

#define PRODUCTS 8
#define MINIMA
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    const uvec2 head = half_unit(unit_at(base, block >> 1), block);
    nibble_pairs(unit_at(base, head_units(blocks) + block), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] = (a[m] | bit_pair(head.y, m, 4)) - 0x00100010u;
    const vec2 scale = unpackHalf2x16(head.x);
    s = vec4(scale.xx, vec2(scale.y + 16.0 * scale.x));
}
