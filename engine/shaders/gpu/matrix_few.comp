#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with products of f16 and sums in f32, for up to kMatrixFewTokens tokens.
// One workgroup: kMatrixSide rows; subgroup s computes slice s of the rows, in its own lines. A slice is one chain of
// matrix products; then the slices are added in order. Missing tokens are zeros.
#extension GL_GOOGLE_include_directive : require
#define W_LINES (kMatrixSubgroups * kMatrixSide)
#define X_LINES (kMatrixSubgroups * kMatrixFewTokens)
#include "gpu/matrix.glsl"

void main() {
    const uint lane = MATRIX_LANE;
    const uint slice = MATRIX_SUBGROUP;
    const uint first_row = gl_WorkGroupID.y * kMatrixSide;
    const uint blocks = push.blocks;
    const uint from = slice * slice_blocks(blocks);
    const uint lines = slice * kMatrixSide;
    MATRIX_C sum = MATRIX_ZERO;
    // All subgroups run the same number of iterations; the last slice is padded with zeros.
    [[dont_unroll]] for (uint block = from; block < from + slice_blocks(blocks); block++) {
        MATRIX_BARRIER;
        for (uint line = lane; line < kMatrixSide; line += kLanes) load_weights(lines + line, first_row + line, blocks, block);
        for (uint item = lane; item < kMatrixFewTokens * 8; item += kLanes)
            load_activations(lines + item / 8, item / 8, blocks, block, item % 8);
        MATRIX_BARRIER;
        MATRIX_LOOP for (uint step = 0; step < 32; step += kMatrixSide) {
            MATRIX_A a;
            MATRIX_B b;
            MATRIX_LOAD_A(a, lines * kMatrixLine + step, kMatrixLine);
            MATRIX_LOAD_B(b, lines * kMatrixLine + step, kMatrixLine);
            sum = MATRIX_MULTIPLY_ADD(a, b, sum);
        }
    }
    MATRIX_STORE(sum, slice * kMatrixSide * kMatrixSide, kMatrixSide);
    barrier();
    for (uint i = gl_LocalInvocationID.x; i < kMatrixSide * kMatrixSide; i += kThreads) {
        const uint row = first_row + i % kMatrixSide;
        const uint token = i / kMatrixSide;
        precise float total = 0.0;
        [[unroll]] for (uint s = 0; s < kSlices; s++) total = total + results[s * kMatrixSide * kMatrixSide + i];
        if (row < push.rows && token < push.tokens) store(row, token, total);
    }
}
