// Shared by the kernels for matrix units. A is weights [row][k], B activations [token][k], both as f16 in workgroup
// memory, with kMatrixLine values from one line to the next; C is [token][row] in f32.
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#ifndef MATRIX_EMULATED
#pragma use_vulkan_memory_model
#endif
layout(local_size_x_id = 3) in;  // kMatrixSubgroups * kLanes
#include "gpu/matmul.glsl"
layout(binding = 1) readonly buffer X { vec4 x[]; };  // [tokens, blocks * 8], zero beyond the row
#include "gpu/dequantise.glsl"

const uint kMatrixLine = 32 + 8;  // a block, and 16 bytes of padding so that lines are in different banks
const uint kThreads = kMatrixSubgroups * kLanes;
const float kLargestHalf = 65504.0;

shared float16_t w_half[W_LINES * kMatrixLine];
shared float16_t x_half[X_LINES * kMatrixLine];
shared float results[kMatrixSubgroups * kMatrixSide * kMatrixSide];

#if defined(MATRIX_KHR)
#include "gpu/matrix_khr.glsl"
#elif defined(MATRIX_NV)
#include "gpu/matrix_nv.glsl"
#else
#include "gpu/matrix_emulated.glsl"
#endif

float16_t half_of(float value) { return float16_t(clamp(value, -kLargestHalf, kLargestHalf)); }

// Loads a block of a row of weights into line `line`; zeros beyond the last row and the last block.
void load_weights(uint line, uint row, uint blocks, uint block) {
    float w[32];
    [[unroll]] for (uint k = 0; k < 32; k++) w[k] = 0.0;
    if (row < push.rows && block < blocks) dequantise(row_base(row, blocks), blocks, block, w);
    [[unroll]] for (uint k = 0; k < 32; k++) w_half[line * kMatrixLine + k] = half_of(w[k]);
}

// Loads a unit of a block of a token into line `line`; zeros beyond the last token and the last block.
void load_activations(uint line, uint token, uint blocks, uint block, uint unit) {
    vec4 values = vec4(0.0);
    if (token < push.tokens && block < blocks) values = x[(token * blocks + block) * 8 + unit];
    [[unroll]] for (uint c = 0; c < 4; c++) x_half[line * kMatrixLine + unit * 4 + c] = half_of(values[c]);
}
