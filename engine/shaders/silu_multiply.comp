#version 460
// y[t, i] = silu(gate[t, i]) * up[t, i]. One invocation per unit of 4 values.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { SiluPush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer x;  // [tokens, stride] vec4: gate and up of each token
#ifdef EIGHT_BITS
layout(binding = 1) writeonly buffer Y { uvec2 y[]; };  // [tokens, units / 8 * 5 * 2], see eight_bits.glsl
#include "eight_bits.glsl"
#else
layout(binding = 1) writeonly buffer Y { vec4 y[]; };  // [tokens, units]
#endif

void main() {
    const uint unit = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    const uint t = gl_WorkGroupID.y;
    const uint units = push.units;
    if (unit >= units) return;
    const uint from = t * push.stride + unit;
    const vec4 g = imageLoad(x, texel(from));
    const vec4 value = g / (1.0 + exp(-g)) * imageLoad(x, texel(from + push.up_offset));
#ifdef EIGHT_BITS
    store_eight_bits(t * (units / 8 * 5), units / 8, unit, value);
#else
    y[t * units + unit] = value;
#endif
}
