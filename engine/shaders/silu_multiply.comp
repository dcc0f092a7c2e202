#version 460
// y[t, i] = silu(gate[t, i]) * up[t, i]. One invocation per value.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { SiluPush push; };
layout(binding = 0) readonly buffer Gate { float gate[]; };  // [tokens, width]
layout(binding = 1) readonly buffer Up { float up[]; };      // [tokens, width]
layout(binding = 2) writeonly buffer Y { float y[]; };       // [tokens, out_stride]

void main() {
    const uint i = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    const uint t = gl_WorkGroupID.y;
    if (i >= push.width) return;
    const float g = gate[t * push.width + i];
    y[t * push.out_stride + i] = g / (1.0 + exp(-g)) * up[t * push.width + i];
}
