#version 460
// Only multiply-adds of matrices in registers: 8 independent chains of 16 steps per iteration of the loop.
#extension GL_GOOGLE_include_directive : require
#define W_LINES kMatrixSide
#define X_LINES kMatrixSide
#include "gpu/matrix.glsl"

void main() {
    for (uint i = gl_LocalInvocationID.x; i < kMatrixSide * kMatrixLine; i += kThreads) {
        w_half[i] = half_of(0.001 * y[i]);
        x_half[i] = half_of(0.001 * y[i + 1]);
    }
    barrier();
    MATRIX_A a;
    MATRIX_B b;
    MATRIX_LOAD_A(a, 0, kMatrixLine);
    MATRIX_LOAD_B(b, 0, kMatrixLine);
    MATRIX_C c[8];
    MATRIX_LOOP for (uint i = 0; i < 8; i++) c[i] = MATRIX_ZERO;
    [[dont_unroll]] for (uint step = 0; step < push.blocks; step++) {
        MATRIX_LOOP for (uint k = 0; k < 16; k++) {
            MATRIX_LOOP for (uint i = 0; i < 8; i++) c[i] = MATRIX_MULTIPLY_ADD(a, b, c[i]);
        }
    }
    MATRIX_LOOP for (uint i = 1; i < 8; i++) c[0] = MATRIX_ADD(c[0], c[i]);
    MATRIX_STORE(c[0], MATRIX_SUBGROUP * kMatrixSide * kMatrixSide, kMatrixSide);
    barrier();
    y[gl_GlobalInvocationID.x] = results[gl_LocalInvocationID.x];
}
