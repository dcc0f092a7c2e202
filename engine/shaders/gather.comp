#version 460
// values[i] = logits[pairs[i].row, pairs[i].id]
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { LogitsPush push; };
layout(binding = 0) readonly buffer Logits { float logits[]; };   // [rows, push.stride]
layout(binding = 1) readonly buffer Pairs { uvec2 pairs[]; };     // [count]
layout(binding = 2) writeonly buffer Values { float values[]; };  // [count]

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < push.count) values[i] = logits[pairs[i].x * push.stride + pairs[i].y];
}
