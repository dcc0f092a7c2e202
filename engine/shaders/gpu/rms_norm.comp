#version 460
// y[row, i] = x[rows[row], i] / sqrt(mean(x^2) + epsilon) * weight[i] One workgroup per row: each invocation sums over
// strides, then the sums are added in a binary tree. A row's result depends only on that row.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { NormPush push; };
layout(binding = 0) readonly buffer X { vec4 x[]; };            // [*, units], zero beyond the width
layout(binding = 1) readonly buffer Weight { vec4 weight[]; };  // [units], zero beyond the width
layout(binding = 2) readonly buffer Rows { uint rows[]; };      // [gl_NumWorkGroups.x]
layout(binding = 3) writeonly buffer Y { vec4 y[]; };           // [gl_NumWorkGroups.x, units]

shared float sums[kGpuThreads];

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint units = push.units;
    const uint from = rows[gl_WorkGroupID.x] * units;
    precise float sum = 0.0;
    for (uint u = local; u < units; u += kGpuThreads) {
        const vec4 v = x[from + u];
        [[unroll]] for (uint c = 0; c < 4; c++) sum = fma(v[c], v[c], sum);
    }
    sums[local] = sum;
    for (uint width = kGpuThreads / 2; width > 0; width /= 2) {
        barrier();
        if (local < width) {
            precise const float both = sums[local] + sums[local + width];
            sums[local] = both;
        }
    }
    barrier();
    const float scale = 1.0 / sqrt(sums[0] / float(push.width) + push.epsilon);
    for (uint u = local; u < units; u += kGpuThreads) y[gl_WorkGroupID.x * units + u] = x[from + u] * scale * weight[u];
}
