// Scales of 8 blocks in a unit, all before the quants; one unit of nibbles per block.
#include "quants.glsl"

uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uvec4 unit = unit_at(base, scale_units(blocks) + block);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = float(int(low_nibble(unit, i))) - 8.0;
        w[i + 16] = float(int(high_nibble(unit, i))) - 8.0;
    }
    return eighth_unit(unit_at(base, block >> 3), block & 7);
}

#define PRODUCTS 16
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    nibble_pairs(unit_at(base, scale_units(blocks) + block), a);
    [[unroll]] for (uint m = 0; m < 16; m++) a[m] -= 0x00080008u;
    s = vec4(eighth_unit(unit_at(base, block >> 3), block & 7));
}
