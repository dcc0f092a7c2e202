// Two superblocks share a unit: half d, 8 x 2 high bits and 8 x 4 low bits of the scales. Then one unit of nibbles per block.
#include "iq4_table.glsl"

uint head_units(uint blocks) { return (blocks / 8 + 1) / 2; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }
uvec4 nibbles_of(uint base, uint blocks, uint superblock, uint index) { return unit_at(base, head_units(blocks) + superblock * 8 + index); }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const uvec2 head = half_unit(unit_at(base, superblock >> 1), superblock);
    const int scale = int((head.y >> (4 * index) & 15) | (head.x >> (16 + 2 * index) & 3) << 4) - 32;
    precise const float whole = unpackHalf2x16(head.x).x * float(scale);
    return vec4(whole);
}

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
