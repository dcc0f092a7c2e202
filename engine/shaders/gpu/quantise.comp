#version 460
// Converts rows of f32 to 8-bit integers, per block of 32: d = largest magnitude / 127, q = round(x / d), four per
// word. A value depends only on its own block. One invocation per block.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x_id = 0) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { QuantisePush push; };
layout(binding = 0) readonly buffer X { vec4 x[]; };  // [rows, blocks * 8]
// A row has two units of words for each block, then one head unit for each block: d, the sums of q over the first and
// the second half, 0.
layout(binding = 1) writeonly buffer Y { uvec4 y[]; };  // [rows, blocks * 3]

void main() {
    const uint blocks = push.blocks;
    const uint block = gl_GlobalInvocationID.x;
    if (block >= blocks) return;
    const uint from = (gl_WorkGroupID.y * blocks + block) * 8;
    const uint to = gl_WorkGroupID.y * blocks * 3;
    vec4 v[8];
    float top = 0.0;
    [[unroll]] for (uint u = 0; u < 8; u++) {
        v[u] = x[from + u];
        const vec4 size = abs(v[u]);
        top = max(top, max(max(size.x, size.y), max(size.z, size.w)));
    }
    const float inverse = top > 0.0 ? 127.0 / top : 0.0;
    ivec2 sum = ivec2(0);
    uvec4 words[2];
    [[unroll]] for (uint u = 0; u < 8; u++) {
        const ivec4 q = ivec4(roundEven(v[u] * inverse));
        words[u >> 2][u & 3] = uint(q.x & 255 | (q.y & 255) << 8 | (q.z & 255) << 16 | q.w << 24);
        sum[u >> 2] += q.x + q.y + q.z + q.w;
    }
    y[to + block * 2] = words[0];
    y[to + block * 2 + 1] = words[1];
    y[to + blocks * 2 + block] = uvec4(floatBitsToUint(top / 127.0), uint(sum.x), uint(sum.y), 0);
}
