#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with x in 8-bit integers (gpu/quantise.comp), for many tokens.
// One workgroup: kDotRows rows for kDotTokens tokens, kDotBlocks blocks at a time. An invocation unpacks one block of
// one row and computes 4 rows x 4 tokens of the tile. The order of additions is that of gpu/dot_few.comp.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/matmul.glsl"
layout(binding = 1) readonly buffer X { uvec4 x[]; };  // [tokens, blocks * 3]
#include "gpu/dot.glsl"

// [blocks][8 words][rows or tokens], four per unit, with one padding unit per line so that neighbours are in different
// banks.
const uint kRowUnits = kDotRows / 4 + 1;
const uint kTokenUnits = kDotTokens / 4 + 1;
shared uvec4 w_tile[kDotBlocks * 8 * kRowUnits];
shared uvec4 x_tile[kDotBlocks * 8 * kTokenUnits];
shared vec4 scales[kDotBlocks * kDotRows];
shared uvec4 heads[kDotBlocks * kDotTokens];

void load_weights(uint local, uint first_row, uint blocks, uint first_block) {
    const uint row = local % kDotRows;
    const uint part = local / kDotRows;
    uint q[8];
    vec4 s = vec4(0.0);
    [[unroll]] for (uint i = 0; i < 8; i++) q[i] = 0;
    if (first_row + row < push.rows && first_block + part < blocks)
        byte_words(row_base(first_row + row, blocks), blocks, first_block + part, q, s);
    [[unroll]] for (uint i = 0; i < 8; i++) w_tile[(part * 8 + i) * kRowUnits + row / 4][row % 4] = q[i];
    scales[part * kDotRows + row] = s;
}

void load_activations(uint local, uint first_token, uint blocks, uint first_block) {
    const uint token = local % kDotTokens;
    const uint part = local / kDotTokens;
    const bool inside = first_token + token < push.tokens && first_block + part < blocks;
    const uint base = (first_token + token) * blocks * 3;
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 words = inside ? x[base + (first_block + part) * 2 + u] : uvec4(0);
        [[unroll]] for (uint i = 0; i < 4; i++) x_tile[(part * 8 + u * 4 + i) * kTokenUnits + token / 4][token % 4] = words[i];
    }
    heads[part * kDotTokens + token] = inside ? x[base + blocks * 2 + first_block + part] : uvec4(0);
}

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint first_token = gl_WorkGroupID.x * kDotTokens;
    const uint first_row = gl_WorkGroupID.y * kDotRows;
    const uint blocks = push.blocks;
    const uint slice = slice_blocks(blocks);
    const uint my_rows = local % 16;    // rows my_rows * 4 + 0..3
    const uint my_tokens = local / 16;  // tokens my_tokens * 4 + 0..3
    precise vec4 total[4];
    vec4 sum[4];
    [[unroll]] for (uint t = 0; t < 4; t++) total[t] = sum[t] = vec4(0.0);
    uint left = slice;  // blocks left in the slice
    [[dont_unroll]] for (uint first_block = 0; first_block < blocks; first_block += kDotBlocks) {
        barrier();
        load_weights(local, first_row, blocks, first_block);
        load_activations(local, first_token, blocks, first_block);
        barrier();
        const uint parts = min(kDotBlocks, blocks - first_block);
        [[dont_unroll]] for (uint part = 0; part < parts; part++) {
            ivec4 dots[2][4];
            [[unroll]] for (uint u = 0; u < 2; u++) {
                [[unroll]] for (uint t = 0; t < 4; t++) dots[u][t] = ivec4(0);
                [[unroll]] for (uint i = 0; i < 4; i++) {
                    const uvec4 w = w_tile[(part * 8 + u * 4 + i) * kRowUnits + my_rows];
                    const uvec4 words = x_tile[(part * 8 + u * 4 + i) * kTokenUnits + my_tokens];
                    [[unroll]] for (uint t = 0; t < 4; t++) {
                        [[unroll]] for (uint r = 0; r < 4; r++) dots[u][t][r] += dot_of(w[r], words[t]);
                    }
                }
            }
            [[unroll]] for (uint r = 0; r < 4; r++) {
                const vec4 s = scales[part * kDotRows + my_rows * 4 + r];
                [[unroll]] for (uint t = 0; t < 4; t++)
                    sum[t][r] = with_block(sum[t][r], ivec2(dots[0][t][r], dots[1][t][r]), s, heads[part * kDotTokens + my_tokens * 4 + t]);
            }
            if (--left == 0 || first_block + part + 1 == blocks) {
                left = slice;
                [[unroll]] for (uint t = 0; t < 4; t++) {
                    total[t] = total[t] + sum[t];
                    sum[t] = vec4(0.0);
                }
            }
        }
    }
    [[unroll]] for (uint t = 0; t < 4; t++) {
        [[unroll]] for (uint r = 0; r < 4; r++) {
            const uint row = first_row + my_rows * 4 + r;
            const uint token = first_token + my_tokens * 4 + t;
            if (row < push.rows && token < push.tokens) store(row, token, total[t][r]);
        }
    }
}
