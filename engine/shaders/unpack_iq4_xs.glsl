// Two superblocks share a unit: f16 d, 8 x 2 high bits and 8 x 4 low bits of the scales. Then one unit of nibbles per
// block.
uint head_units(uint blocks) { return (blocks / 8 + 1) / 2; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks; }
uvec4 nibbles_of(uint base, uint blocks, uint superblock, uint index) { return unit_at(base, head_units(blocks) + superblock * 8 + index); }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const uvec2 head = half_unit(unit_at(base, superblock >> 1), superblock);
    const int scale = int((head.y >> (4 * index) & 15) | (head.x >> (16 + 2 * index) & 3) << 4) - 32;
    precise const float whole = unpackHalf2x16(head.x).x * float(scale);
    return vec4(whole);
}
#include "iq4_values.glsl"
