// Shared by the matrix kernels for GPUs: weights and results in storage buffers, slices of rows, and the store.
#define TOKENS 1  // for the unpacking shared with software kernels: offsets are subtracted afterwards
#define WEIGHTS_IN_STORAGE
#include "common_gpu.glsl"
layout(push_constant) uniform Push { MatmulPush push; };
layout(binding = 0) readonly buffer Weights { uvec4 weights[]; };  // rows interleaved by kLanes in units of 16 bytes
layout(binding = 2) buffer Y { float y[]; };                       // [tokens, y_stride]
#include "unpack.glsl"

uint slice_blocks(uint blocks) { return (blocks + kSlices - 1) / kSlices; }

// The first unit of a row.
uint row_base(uint row, uint blocks) { return row / kLanes * kLanes * weight_units(blocks) + row % kLanes; }

void store(uint row, uint token, float value) {
    const uint at = token * push.y_stride + push.y_offset + row;
    y[at] = push.accumulate != 0 ? y[at] + value : value;
}
