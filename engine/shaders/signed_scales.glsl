// Q3_K and Q6_K. A row starts with the d of all superblocks, 8 per unit. Each superblock of 8 blocks then has
// SUPERBLOCK_UNITS units, the first with 16 signed scales.
uint head_units(uint blocks) { return (blocks / 8 + 7) / 8; }
uint weight_units(uint blocks) { return head_units(blocks) + blocks / 8 * SUPERBLOCK_UNITS; }
uint first_of(uint blocks, uint superblock) { return head_units(blocks) + superblock * SUPERBLOCK_UNITS; }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) {
    const vec2 scale = vec2(byte_pair(unit_at(base, first_of(blocks, superblock)), index));
    precise const vec2 whole = eighth_unit(unit_at(base, superblock >> 3), superblock & 7) * scale;
    return whole.xyxy;
}
