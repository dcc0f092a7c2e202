#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with x in 8-bit integers (gpu/quantise.comp), for few tokens. Like
// gpu/matmul_few.comp, but the products of a block are summed in integers.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/matmul.glsl"
layout(binding = 1) readonly buffer X { uvec4 x[]; };  // [tokens, blocks * 3]
#include "gpu/dot.glsl"
#include "gpu/few.glsl"

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint slice = local / kFewRows;
    const uint row = gl_WorkGroupID.y * kFewRows + local % kFewRows;
    const uint blocks = push.blocks;
    const uint base = row_base(row, blocks);
    const uint from = slice * slice_blocks(blocks);
    const uint to = row < push.rows ? min(from + slice_blocks(blocks), blocks) : 0;
    float sum[kFewTokens];
    [[unroll]] for (uint t = 0; t < kFewTokens; t++) sum[t] = 0.0;
    [[dont_unroll]] for (uint block = from; block < to; block++) {
        uint q[8];
        vec4 s;
        byte_words(base, blocks, block, q, s);
        [[unroll]] for (uint t = 0; t < kFewTokens; t++) {
            if (t >= push.tokens) continue;
            const uint token_base = t * blocks * 3;
            ivec2 dots = ivec2(0);
            [[unroll]] for (uint u = 0; u < 2; u++) {
                const uvec4 words = x[token_base + block * 2 + u];
                [[unroll]] for (uint i = 0; i < 4; i++) dots[u] += dot_of(q[u * 4 + i], words[i]);
            }
            sum[t] = with_block(sum[t], dots, s, x[token_base + blocks * 2 + block]);
        }
    }
    add_slices(sum, slice, row);
}
