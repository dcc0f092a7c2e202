#version 460
// Only multiply-adds in registers: 12 independent chains of 16 steps per iteration of the loop.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { CeilingPush push; };
layout(binding = 0) buffer Y { float y[]; };  // [workgroups * kLanes]

void main() {
    const uint index = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    const uint steps = push.steps;
    const float x = 0.999 + 0.0001 * y[index];
    const float z = 0.001;
    float a[12];
    [[unroll]] for (uint i = 0; i < 12; i++) a[i] = float(i);
    [[dont_unroll]] for (uint step = 0; step < steps; step++) {
        [[unroll]] for (uint k = 0; k < 16; k++) {
            [[unroll]] for (uint i = 0; i < 12; i++) a[i] = a[i] * x + z;
        }
    }
    float sum = 0.0;
    [[unroll]] for (uint i = 0; i < 12; i++) sum += a[i];
    y[index] = sum * 1e-6;
}
