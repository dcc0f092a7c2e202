// Scale and minimum of 4 blocks in a unit, all before the quants; one unit of nibbles per block.
#include "quants.glsl"

uint head_units(uint blocks) { return (blocks + 3) / 4; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const vec2 head = unpackHalf2x16(quarter_unit(unit_at(base, block >> 2), block & 3));
    const uvec4 unit = unit_at(base, head_units(blocks) + block);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = head.x * float(int(low_nibble(unit, i))) + head.y;
        w[i + 16] = head.x * float(int(high_nibble(unit, i))) + head.y;
    }
    return 1.0;
}

#define PRODUCTS 16
#define MINIMA
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    nibble_pairs(unit_at(base, head_units(blocks) + block), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] -= 0x00080008u;
    const vec2 head = unpackHalf2x16(quarter_unit(unit_at(base, block >> 2), block & 3));
    s = vec4(head.xx, vec2(head.y + 8.0 * head.x));
}
