// Scales of 8 blocks in a unit, all before the quants; two units of signed bytes per block.
#include "quants.glsl"

uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks * 2; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 unit = unit_at(base, scale_units(blocks) + block * 2 + u);
        [[unroll]] for (uint i = 0; i < 16; i++) w[u * 16 + i] = float(int(unit[i >> 2] << (24 - 8 * (i & 3))) >> 24);
    }
    return eighth_unit(unit_at(base, block >> 3), block & 7);
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 unit = unit_at(base, scale_units(blocks) + block * 2 + u);
        [[unroll]] for (uint i = 0; i < 4; i++) {
            a[u * 8 + i * 2] = ((unit[i] & 0x00FF00FFu) ^ 0x00800080u) - 0x00800080u;
            a[u * 8 + i * 2 + 1] = ((unit[i] >> 8 & 0x00FF00FFu) ^ 0x00800080u) - 0x00800080u;
        }
    }
    s = vec4(eighth_unit(unit_at(base, block >> 3), block & 7));
}
