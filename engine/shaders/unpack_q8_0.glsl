#include "block_scale.glsl"

uint weight_units(uint blocks) { return scale_units(blocks) + blocks * 2; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uint quants = base + (scale_units(blocks) + block * 2) * kLanes;
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 unit = imageLoad(weights, int(quants + u * kLanes));
        [[unroll]] for (uint i = 0; i < 16; i++) w[u * 16 + i] = float(int(unit[i >> 2] << (24 - 8 * (i & 3))) >> 24);
    }
    return block_scale(base, block);
}
