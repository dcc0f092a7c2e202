#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32.
// One workgroup: kRowGroups * kLanes weight rows (a lane is a row) for TOKENS tokens. For each row and token the products of a
// block of 32 are summed in four chains of fixed order, scaled, and added to the total in order of blocks: no other row or token
// enters.
#extension GL_GOOGLE_include_directive : require
#include "matmul_tile.glsl"
layout(binding = 1, rgba32f) uniform readonly imageBuffer x;  // [tokens, blocks * 8] vec4, zero beyond the row

uint x_units;
uint first_x;  // unit of the first token's block that this lane loads
vec4 place_scale;

void add_block(uint superblock, uint index) {
    float w[kRowGroups][32];
    vec4 scale[kRowGroups];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) unpack(base[r], blocks, superblock, index, w[r], scale[r]);
    [[unroll]] for (uint t = 0; t < TOKENS; t++) {
        const vec4 plain = imageLoad(x, int(first_x + t * x_units + (superblock * 8 + index) * 8));
        const vec4 mine = plain * place_scale;
        // Chains: even and odd values of the first half, and of the second.
        precise float sum[kRowGroups][4];
        [[unroll]] for (uint i = 0; i < 32; i++) {
            const float value = subgroupShuffle(mine[i & 3], i >> 2);
            const uint chain = (i >> 4) * 2 + (i & 1);
            [[unroll]] for (uint r = 0; r < kRowGroups; r++) sum[r][chain] = (i & 14) == 0 ? w[r][i] * value : sum[r][chain] + w[r][i] * value;
        }
#ifdef MINIMA
        precise const float own = (plain.x + plain.y) + (plain.z + plain.w);
        precise const float pair = own + subgroupShuffleXor(own, 1);
        precise const float four = pair + subgroupShuffleXor(pair, 2);
#ifdef HALVES
        const float first_sum = subgroupShuffle(four, 0);
        const float second_sum = subgroupShuffle(four, 4);
#else
        precise const float all = four + subgroupShuffleXor(four, 4);
#endif
#endif
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
            precise const float first_half = sum[r][0] + sum[r][1];
            precise const float second_half = sum[r][2] + sum[r][3];
#if defined(PLAIN)
            precise float value = first_half + second_half;
#elif defined(HALVES)
            precise float value = scale[r].x * first_half + scale[r].y * second_half;
#else
            precise float value = scale[r].x * (first_half + second_half);
#endif
#if defined(MINIMA) && defined(HALVES)
            value = value + (scale[r].z * first_sum + scale[r].w * second_sum);
#elif defined(MINIMA)
            value = value + scale[r].z * all;
#endif
            precise const float next = total[r][t] + value;
            total[r][t] = next;
        }
    }
}

void find_activations(uint first_token, uint lane) {
    x_units = blocks * 8;
    first_x = first_token * x_units + (lane & 7);
    place_scale = prescale(lane);
}
#include "matmul_main.glsl"
