#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32, for many tokens.
// One workgroup: kTileRows rows for kTileTokens tokens. Half of the invocations unpack a block of each row into
// workgroup memory, the other half loads the activations; then each computes 2 x 4 rows x 4 tokens. The products of a
// slice of a row are added in one chain, then the slices in order: the same order of additions as in
// gpu/matmul_few.comp.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/matmul.glsl"
layout(binding = 1) readonly buffer X { vec4 x[]; };  // [tokens, blocks * 8], zero beyond the row
#include "gpu/dequantise.glsl"

// [32 values][rows or tokens], with one padding vec4 per line so that neighbours are in different banks.
const uint kRowUnits = kTileRows / 4 + 1;
const uint kTokenUnits = kTileTokens / 4 + 1;
shared vec4 w_tile[32 * kRowUnits];
shared vec4 x_tile[32 * kTokenUnits];

void load_weights(uint row, uint first_row, uint blocks, uint block) {
    float w[32];
    [[unroll]] for (uint k = 0; k < 32; k++) w[k] = 0.0;
    if (first_row + row < push.rows) dequantise(row_base(first_row + row, blocks), blocks, block, w);
    [[unroll]] for (uint k = 0; k < 32; k++) w_tile[k * kRowUnits + row / 4][row % 4] = w[k];
}

void load_activations(uint index, uint first_token, uint blocks, uint block) {
    const uint units_each = kTileTokens * 8 / (kGpuThreads - kTileRows);
    [[unroll]] for (uint n = 0; n < units_each; n++) {
        const uint item = n * (kGpuThreads - kTileRows) + index;
        const uint token = item / 8;
        const uint unit = item % 8;
        vec4 values = vec4(0.0);
        if (first_token + token < push.tokens) values = x[((first_token + token) * blocks + block) * 8 + unit];
        [[unroll]] for (uint c = 0; c < 4; c++) x_tile[(unit * 4 + c) * kTokenUnits + token / 4][token % 4] = values[c];
    }
}

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint first_token = gl_WorkGroupID.x * kTileTokens;
    const uint first_row = gl_WorkGroupID.y * kTileRows;
    const uint blocks = push.blocks;
    const uint slice = slice_blocks(blocks);
    const uint my_rows = local % 16;    // rows my_rows * 4 + 0..3 of each half of the tile
    const uint my_tokens = local / 16;  // tokens my_tokens * 4 + 0..3
    precise vec4 total[2][4];
    precise vec4 sum[2][4];
    [[unroll]] for (uint h = 0; h < 2; h++) {
        [[unroll]] for (uint t = 0; t < 4; t++) total[h][t] = sum[h][t] = vec4(0.0);
    }
    uint left = slice;  // blocks left in the slice
    [[dont_unroll]] for (uint block = 0; block < blocks; block++) {
        barrier();
        if (local < kTileRows) load_weights(local, first_row, blocks, block);
        else load_activations(local - kTileRows, first_token, blocks, block);
        barrier();
        for (uint k = 0; k < 32; k++) {
            const vec4 values = x_tile[k * kTokenUnits + my_tokens];
            [[unroll]] for (uint h = 0; h < 2; h++) {
                const vec4 w = w_tile[k * kRowUnits + h * (kTileRows / 8) + my_rows];
                [[unroll]] for (uint t = 0; t < 4; t++) sum[h][t] = fma(w, vec4(values[t]), sum[h][t]);
            }
        }
        if (--left == 0 || block + 1 == blocks) {
            left = slice;
            [[unroll]] for (uint h = 0; h < 2; h++) {
                [[unroll]] for (uint t = 0; t < 4; t++) {
                    total[h][t] = total[h][t] + sum[h][t];
                    sum[h][t] = vec4(0.0);
                }
            }
        }
    }
    [[unroll]] for (uint h = 0; h < 2; h++) {
        [[unroll]] for (uint t = 0; t < 4; t++) {
            [[unroll]] for (uint r = 0; r < 4; r++) {
                const uint row = first_row + h * (kTileRows / 2) + my_rows * 4 + r;
                const uint token = first_token + my_tokens * 4 + t;
                if (row < push.rows && token < push.tokens) store(row, token, total[h][t][r]);
            }
        }
    }
}
