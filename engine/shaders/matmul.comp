#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32.
// One workgroup: kRowGroups * kLanes weight rows (a lane is a row) for TOKENS tokens. For each row and token the products of a
// block of 32 are summed in four chains of fixed order, scaled, and added to the total in order of blocks: no other row or token
// enters.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { MatmulPush push; };
layout(binding = 0, rgba32ui) uniform readonly uimageBuffer weights;  // rows interleaved by kLanes in units of 16 bytes
layout(binding = 1, rgba32f) uniform readonly imageBuffer x;          // [tokens, x_units] vec4, zero beyond the row
layout(binding = 2) buffer Y { float y[]; };                          // [tokens, y_stride]
#include "unpack.glsl"

const uint kRowGroups = TOKENS == 1 ? kRowGroupsOne : kRowGroupsMany;

uint base[kRowGroups];
float total[kRowGroups][TOKENS];
uint blocks;
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

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint first_token = gl_WorkGroupID.x * TOKENS;
    blocks = push.blocks;  // read once: inside the loop it would be a load per lane
    x_units = push.x_units;
    first_x = first_token * x_units + (lane & 7);
    place_scale = prescale(lane);
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        base[r] = (gl_WorkGroupID.y * kRowGroups + r) * kLanes * weight_units(blocks) + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) total[r][t] = 0.0;
    }
    [[dont_unroll]] for (uint block = 0; block < blocks; block++) add_block(block >> 3, block & 7);
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        const uint row = (gl_WorkGroupID.y * kRowGroups + r) * kLanes + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) {
            const uint token = first_token + t;
            if (row < push.rows && token < push.tokens) {
                const uint at = token * push.y_stride + push.y_offset + row;
                y[at] = push.accumulate != 0 ? y[at] + total[r][t] : total[r][t];
            }
        }
    }
}
