// As Q4_0; a nibble stands for a value of the table.
#include "iq4_table.glsl"

uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }
uvec4 nibbles_of(uint base, uint blocks, uint superblock, uint index) { return unit_at(base, scale_units(blocks) + superblock * 8 + index); }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) { return vec4(eighth_unit(unit_at(base, superblock), index)); }

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    const uvec4 unit = nibbles_of(base, blocks, superblock, index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = float(iq4_value(low_nibble(unit, i)));
        w[i + 16] = float(iq4_value(high_nibble(unit, i)));
    }
    s = scales_of(base, blocks, superblock, index);
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint superblock, uint index, out uint a[16], out vec4 s) {
    const uvec4 unit = nibbles_of(base, blocks, superblock, index);
    [[unroll]] for (uint m = 0; m < 8; m++) {
        const uint v = (m >> 1) * 4 + (m & 1);
        a[m] = uint(iq4_value(low_nibble(unit, v)) + iq4_value(low_nibble(unit, v + 2)) * 65536);
        a[m + 8] = uint(iq4_value(high_nibble(unit, v)) + iq4_value(high_nibble(unit, v + 2)) * 65536);
    }
    s = scales_of(base, blocks, superblock, index);
}
