#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with products of f16 and sums in f32, for many tokens.
// One workgroup: kMatrixRows rows for kMatrixTokens tokens; a subgroup computes 2 x 4 matrices of the tile. A slice of
// a row is one chain of matrix products; then the slices are added in order, as in gpu/matrix_few.comp.
#extension GL_GOOGLE_include_directive : require
#define W_LINES kMatrixRows
#define X_LINES kMatrixTokens
#include "gpu/matrix.glsl"

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint first_token = gl_WorkGroupID.x * kMatrixTokens;
    const uint first_row = gl_WorkGroupID.y * kMatrixRows;
    const uint blocks = push.blocks;
    const uint slice = slice_blocks(blocks);
    const uint my_rows = MATRIX_SUBGROUP % 4 * 2 * kMatrixSide;    // first line of the subgroup's two matrices of rows
    const uint my_tokens = MATRIX_SUBGROUP / 4 * 4 * kMatrixSide;  // first line of its four matrices of tokens
    MATRIX_C total[2][4];
    MATRIX_C sum[2][4];
    MATRIX_LOOP for (uint r = 0; r < 2; r++) {
        MATRIX_LOOP for (uint t = 0; t < 4; t++) {
            total[r][t] = MATRIX_ZERO;
            sum[r][t] = MATRIX_ZERO;
        }
    }
    uint left = slice;  // blocks left in the slice
    [[dont_unroll]] for (uint block = 0; block < blocks; block++) {
        barrier();
        for (uint line = local; line < kMatrixRows; line += kThreads) load_weights(line, first_row + line, blocks, block);
        for (uint item = local; item < kMatrixTokens * 8; item += kThreads)
            load_activations(item / 8, first_token + item / 8, blocks, block, item % 8);
        barrier();
        MATRIX_LOOP for (uint step = 0; step < 32; step += kMatrixSide) {
            MATRIX_A a[2];
            MATRIX_LOOP for (uint r = 0; r < 2; r++) MATRIX_LOAD_A(a[r], (my_rows + r * kMatrixSide) * kMatrixLine + step, kMatrixLine);
            MATRIX_LOOP for (uint t = 0; t < 4; t++) {
                MATRIX_B b;
                MATRIX_LOAD_B(b, (my_tokens + t * kMatrixSide) * kMatrixLine + step, kMatrixLine);
                MATRIX_LOOP for (uint r = 0; r < 2; r++) sum[r][t] = MATRIX_MULTIPLY_ADD(a[r], b, sum[r][t]);
            }
        }
        if (--left == 0 || block + 1 == blocks) {
            left = slice;
            MATRIX_LOOP for (uint r = 0; r < 2; r++) {
                MATRIX_LOOP for (uint t = 0; t < 4; t++) {
                    total[r][t] = MATRIX_ADD(total[r][t], sum[r][t]);
                    sum[r][t] = MATRIX_ZERO;
                }
            }
        }
    }
    // Stored matrix by matrix through workgroup memory, because the tile may extend beyond the last row and token.
    MATRIX_LOOP for (uint r = 0; r < 2; r++) {
        MATRIX_LOOP for (uint t = 0; t < 4; t++) {
            barrier();
            MATRIX_STORE(total[r][t], MATRIX_SUBGROUP * kMatrixSide * kMatrixSide, kMatrixSide);
            barrier();
            for (uint i = local; i < kMatrixSubgroups * kMatrixSide * kMatrixSide; i += kThreads) {
                const uint subgroup = i / (kMatrixSide * kMatrixSide);
                const uint row = first_row + (subgroup % 4 * 2 + r) * kMatrixSide + i % kMatrixSide;
                const uint token = first_token + (subgroup / 4 * 4 + t) * kMatrixSide + i / kMatrixSide % kMatrixSide;
                if (row < push.rows && token < push.tokens) store(row, token, results[i]);
            }
        }
    }
}
