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
