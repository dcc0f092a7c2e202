#version 460
// Rows of f32 as 8-bit integers, per block of 32: d = largest magnitude / 127, q = round(x / d). A value of a row depends on its
// own block alone. One invocation per block.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { QuantisePush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer x;  // [rows, blocks * 8] vec4
// Per row 4 units of 16 words for each block, then a head for each block: d, the sums of q of the first and the second half, 0.
// A word holds two values as q[v + 2] + q[v] * 65536: the other way round than the weights' pairs, so that the upper half of a
// product is the sum of two products.
layout(binding = 1) writeonly buffer Y { uvec4 y[]; };  // [rows, blocks * 5]

void main() {
    const uint blocks = push.blocks;
    const uint block = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    if (block >= blocks) return;
    const uint from = (gl_WorkGroupID.y * blocks + block) * 8;
    const uint to = gl_WorkGroupID.y * blocks * 5;
    vec4 v[8];
    [[unroll]] for (uint u = 0; u < 8; u++) v[u] = imageLoad(x, int(from + u));
    vec4 largest = abs(v[0]);
    [[unroll]] for (uint u = 1; u < 8; u++) largest = max(largest, abs(v[u]));
    const float top = max(max(largest.x, largest.y), max(largest.z, largest.w));
    const float d = top / 127.0;
    const float inverse = top > 0.0 ? 127.0 / top : 0.0;
    ivec2 sum = ivec2(0);
    uint words[16];
    [[unroll]] for (uint u = 0; u < 8; u++) {
        const ivec4 q = ivec4(roundEven(v[u] * inverse));
        words[u * 2] = uint(q.z + q.x * 65536);
        words[u * 2 + 1] = uint(q.w + q.y * 65536);
        sum[u >> 2] += q.x + q.y + q.z + q.w;
    }
    [[unroll]] for (uint u = 0; u < 4; u++) {
        y[to + block * 4 + u] = uvec4(words[u * 4], words[u * 4 + 1], words[u * 4 + 2], words[u * 4 + 3]);
    }
    y[to + blocks * 4 + block] = uvec4(floatBitsToUint(d), uint(sum.x), uint(sum.y), 0);
}
