#version 460
// Converts rows of f32 to 8-bit integers. One invocation per unit of 4 values.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { QuantisePush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer x;  // [rows, blocks * 8] vec4
layout(binding = 1) writeonly buffer Y { uvec2 y[]; };        // [rows, blocks * 5 * 2], see eight_bits.glsl
#include "eight_bits.glsl"

void main() {
    const uint blocks = push.blocks;
    const uint row = gl_WorkGroupID.y;
    const uint unit = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    if (unit < blocks * 8) store_eight_bits(row * blocks * 5, blocks, unit, imageLoad(x, texel(row * blocks * 8 + unit)));
}
