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
