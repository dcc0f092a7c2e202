// Two superblocks share a unit: half d, 8 x 2 high bits and 8 x 4 low bits of the scales. Then one unit of nibbles per block.
#include "quants.glsl"

#include "iq4_table.glsl"

uint head_units(uint blocks) { return (blocks / 8 + 1) / 2; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uvec2 head = half_unit(unit_at(base, superblock >> 1), superblock);
    const uvec4 unit = unit_at(base, head_units(blocks) + block);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = iq4_value(low_nibble(unit, i));
        w[i + 16] = iq4_value(high_nibble(unit, i));
    }
    const int scale = int((head.y >> (4 * index) & 15) | (head.x >> (16 + 2 * index) & 3) << 4) - 32;
    return unpackHalf2x16(head.x).x * float(scale);
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint block, out uint a[16], out vec4 s) {
    iq4_pairs(unit_at(base, head_units(blocks) + block), a);
    const uint superblock = block >> 3;
    const uint index = block & 7;
    const uvec2 head = half_unit(unit_at(base, superblock >> 1), superblock);
    const int scale = int((head.y >> (4 * index) & 15) | (head.x >> (16 + 2 * index) & 3) << 4) - 32;
    s = vec4(unpackHalf2x16(head.x).x * float(scale));
}
