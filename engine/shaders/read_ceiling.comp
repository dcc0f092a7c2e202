#version 460
// Reads a buffer once, as fast as the device can: one contiguous piece per workgroup, 16 bytes per lane and load. A
// checksum of the data is stored, so that the compiler cannot remove the reads.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { CeilingPush push; };
layout(binding = 0, rgba32ui) uniform readonly uimageBuffer source;  // [workgroups * push.steps * 4 * kLanes]
layout(binding = 1) writeonly buffer Y { uint y[]; };                // [workgroups * kLanes]

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint steps = push.steps;
    uint at = gl_WorkGroupID.x * steps * 4 * kLanes + lane;
    uvec4 fold = uvec4(0);
    [[dont_unroll]] for (uint step = 0; step < steps; step++, at += 4 * kLanes) {
        [[unroll]] for (uint u = 0; u < 4; u++) fold ^= imageLoad(source, texel(at + u * kLanes));
    }
    y[gl_WorkGroupID.x * kLanes + lane] = fold.x ^ fold.y ^ fold.z ^ fold.w;
}
