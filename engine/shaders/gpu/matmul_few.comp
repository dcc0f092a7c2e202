#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32, for few tokens.
// One workgroup: kFewRows rows for all tokens, at most kFewTokens. An invocation adds the products of one of the
// kSlices slices of a row in one chain per token; then the slices are added in order. gpu/matmul_many.comp adds in the
// same order.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/matmul.glsl"
layout(binding = 1) readonly buffer X { vec4 x[]; };  // [tokens, blocks * 8], zero beyond the row
#include "gpu/dequantise.glsl"
#include "gpu/few.glsl"

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint slice = local / kFewRows;
    const uint row = gl_WorkGroupID.y * kFewRows + local % kFewRows;
    const uint blocks = push.blocks;
    const uint base = row_base(row, blocks);
    const uint from = slice * slice_blocks(blocks);
    const uint to = row < push.rows ? min(from + slice_blocks(blocks), blocks) : 0;
    precise float sum[kFewTokens];
    [[unroll]] for (uint t = 0; t < kFewTokens; t++) sum[t] = 0.0;
    [[dont_unroll]] for (uint block = from; block < to; block++) {
        float w[32];
        dequantise(base, blocks, block, w);
        [[unroll]] for (uint t = 0; t < kFewTokens; t++) {
            if (t >= push.tokens) continue;
            const uint first = (t * blocks + block) * 8;
            [[unroll]] for (uint u = 0; u < 8; u++) {
                const vec4 values = x[first + u];
                [[unroll]] for (uint c = 0; c < 4; c++) sum[t] = fma(w[u * 4 + c], values[c], sum[t]);
            }
        }
    }
    add_slices(sum, slice, row);
}
