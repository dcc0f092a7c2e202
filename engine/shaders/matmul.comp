#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32.
// One workgroup: kRowGroups * kLanes weight rows (a lane is a row) for TOKENS tokens. For each row and token the 32 products of
// a block are summed in order of k, scaled, and added to the total in order of blocks: no other row or token enters.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { MatmulPush push; };
layout(binding = 0, rgba32ui) uniform readonly uimageBuffer weights;  // rows interleaved by kLanes in units of 16 bytes
layout(binding = 1, rgba32f) uniform readonly imageBuffer x;          // [tokens, x_units] vec4, zero beyond the row
layout(binding = 2) buffer Y { float y[]; };                          // [tokens, y_stride]

#include "unpack.glsl"

const uint kRowGroups = TOKENS == 1 ? kRowGroupsOne : kRowGroupsMany;

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint first_token = gl_WorkGroupID.y * TOKENS;
    const uint blocks = push.blocks;
    const uint x_units = push.x_units;
    uint base[kRowGroups];
    precise float total[kRowGroups][TOKENS];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        base[r] = (gl_WorkGroupID.x * kRowGroups + r) * kLanes * weight_units(blocks) + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) total[r][t] = 0.0;
    }
    [[dont_unroll]] for (uint block = 0; block < blocks; block++) {
        float w[kRowGroups][32];
        float scale[kRowGroups];
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) scale[r] = unpack(base[r], blocks, block, w[r]);
        [[unroll]] for (uint t = 0; t < TOKENS; t++) {
            const vec4 mine = imageLoad(x, int((first_token + t) * x_units + block * 8 + (lane & 7)));
            precise float sum[kRowGroups];
            [[unroll]] for (uint r = 0; r < kRowGroups; r++) sum[r] = 0.0;
            [[unroll]] for (uint i = 0; i < 32; i++) {
                const float value = subgroupShuffle(mine[i & 3], i >> 2);
                [[unroll]] for (uint r = 0; r < kRowGroups; r++) sum[r] = sum[r] + w[r][i] * value;
            }
            [[unroll]] for (uint r = 0; r < kRowGroups; r++) total[r][t] = total[r][t] + scale[r] * sum[r];
        }
    }
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        const uint row = (gl_WorkGroupID.x * kRowGroups + r) * kLanes + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) {
            const uint token = first_token + t;
            if (row < push.rows && token < push.tokens) {
                const uint at = token * push.y_stride + push.y_offset + row;
                y[at] = push.accumulate != 0 ? y[at] + total[r][t] : total[r][t];
            }
        }
    }
}
