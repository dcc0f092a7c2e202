// As Q4_0; a nibble stands for a value of the table.
#include "quants.glsl"

#include "iq4_table.glsl"

uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uvec4 unit = unit_at(base, scale_units(blocks) + block);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = iq4_value(low_nibble(unit, i));
        w[i + 16] = iq4_value(high_nibble(unit, i));
    }
    return eighth_unit(unit_at(base, block >> 3), block & 7);
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    iq4_pairs(unit_at(base, scale_units(blocks) + block), a);
    s = vec4(eighth_unit(unit_at(base, block >> 3), block & 7));
}
