#include "block_scale.glsl"

uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uvec4 unit = imageLoad(weights, int(base + (scale_units(blocks) + block) * kLanes));
    [[unroll]] for (uint i = 0; i < 16; i++) {
        const uint both = unit[i >> 2] >> (8 * (i & 3));
        w[i] = float(int(both & 15)) - 8.0;
        w[i + 16] = float(int(both >> 4 & 15)) - 8.0;
    }
    return block_scale(base, block);
}
