#version 460
// Like ../read_ceiling.comp, for workgroups of many invocations and storage buffers.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { CeilingPush push; };
layout(binding = 0) readonly buffer Source { uvec4 source[]; };  // [workgroups * push.steps * 4 * kGpuThreads]
layout(binding = 1) writeonly buffer Y { uint y[]; };            // [workgroups * kGpuThreads]

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint steps = push.steps;
    uint at = gl_WorkGroupID.x * steps * 4 * kGpuThreads + local;
    uvec4 fold = uvec4(0);
    [[dont_unroll]] for (uint step = 0; step < steps; step++, at += 4 * kGpuThreads) {
        [[unroll]] for (uint u = 0; u < 4; u++) fold ^= source[at + u * kGpuThreads];
    }
    y[gl_WorkGroupID.x * kGpuThreads + local] = fold.x ^ fold.y ^ fold.z ^ fold.w;
}
