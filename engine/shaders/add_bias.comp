#version 460
// y[t, i] += bias[i]. One invocation per unit of 4 values.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { BiasPush push; };
layout(binding = 0) readonly buffer Bias { vec4 bias[]; };  // [units]
layout(binding = 1) buffer Y { vec4 y[]; };                 // [tokens, stride]

void main() {
    const uint unit = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    if (unit < push.units) y[gl_WorkGroupID.y * push.stride + unit] += bias[unit];
}
