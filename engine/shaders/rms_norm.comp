#version 460
// y[row, i] = x[rows[row], i] / sqrt(mean(x^2) + epsilon) * weight[i] One workgroup per row: each lane sums over
// strides, then the lanes are summed. A row's result depends only on that row.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { NormPush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer x;       // [*, units] vec4, zero beyond the width
layout(binding = 1, rgba32f) uniform readonly imageBuffer weight;  // [units] vec4, zero beyond the width
layout(binding = 2) readonly buffer Rows { uint rows[]; };         // [gl_NumWorkGroups.x]
#ifdef EIGHT_BITS
layout(binding = 3) writeonly buffer Y { uvec2 y[]; };  // [gl_NumWorkGroups.x, units / 8 * 5 * 2], see eight_bits.glsl
#include "eight_bits.glsl"
#else
layout(binding = 3) writeonly buffer Y { vec4 y[]; };  // [gl_NumWorkGroups.x, units]
#endif

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint units = push.units;
    const uint from = rows[gl_WorkGroupID.x] * units;
    precise float sum = 0.0;
    for (uint u = lane; u < units; u += kLanes) {
        const vec4 v = imageLoad(x, texel(from + u));
        precise float squares = v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
        sum = sum + squares;
    }
    sum = subgroupAdd(sum);
    const float scale = 1.0 / sqrt(sum / float(push.width) + push.epsilon);
    for (uint u = lane; u < units; u += kLanes) {
        const vec4 value = imageLoad(x, texel(from + u)) * scale * imageLoad(weight, texel(u));
#ifdef EIGHT_BITS
        store_eight_bits(gl_WorkGroupID.x * (units / 8 * 5), units / 8, u, value);
#else
        y[gl_WorkGroupID.x * units + u] = value;
#endif
    }
}
