#version 460
// Like ../arithmetic_ceiling.comp, for workgroups of many invocations.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { CeilingPush push; };
layout(binding = 0) buffer Y { float y[]; };  // [workgroups * kGpuThreads]

void main() {
    const uint index = gl_GlobalInvocationID.x;
    const uint steps = push.steps;
    const float x = 0.999 + 0.0001 * y[index];
    float a[12];
    [[unroll]] for (uint i = 0; i < 12; i++) a[i] = float(i);
    [[dont_unroll]] for (uint step = 0; step < steps; step++) {
        [[unroll]] for (uint k = 0; k < 16; k++) {
            [[unroll]] for (uint i = 0; i < 12; i++) a[i] = fma(a[i], x, 0.001);
        }
    }
    float sum = 0.0;
    [[unroll]] for (uint i = 0; i < 12; i++) sum += a[i];
    y[index] = sum * 1e-6;
}
