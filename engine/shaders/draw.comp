#version 460
// ids[i]: the token sampled for draws[i] from its row of logits, see draw.glsl. One workgroup per draw: each lane sums
// over strides of the row, then the lanes are summed.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { LogitsPush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer logits;       // [rows, push.stride / 4] vec4
layout(binding = 1) readonly buffer Statistics { vec4 statistics[]; };  // [rows]: maximum, ...
layout(binding = 2) readonly buffer Draws { DrawRequest draws[]; };     // [gl_NumWorkGroups.x]
layout(binding = 3) writeonly buffer Ids { uint ids[]; };               // [gl_NumWorkGroups.x]

uint lane;
uint units;
uint first_unit;

vec3 all_sum(vec3 value) { return subgroupAdd(value); }
uvec3 all_sum(uvec3 value) { return subgroupAdd(value); }

// kDrawUnits units per iteration: a software device counts the iterations of all loops together and ends them at
// 65,534.
#define EACH_LOGIT_BEGIN \
    [[dont_unroll]] for (uint turn = lane; turn < units; turn += kLanes * kDrawUnits) { \
        [[unroll]] for (uint u = 0; u < kDrawUnits; u++) { \
            const uint unit = turn + u * kLanes; \
            const vec4 four = imageLoad(logits, texel(first_unit + unit)); \
            [[unroll]] for (uint c = 0; c < 4; c++) { \
                const uint id = unit * 4 + c; \
                const float logit = id < vocab ? four[c] : uintBitsToFloat(0xFF800000u);  // minus infinity: no mass
#define EACH_LOGIT_END }}}
#include "draw.glsl"

void main() {
    lane = gl_SubgroupInvocationID;
    vocab = push.vocab;
    units = (vocab + 3) / 4;
    const DrawRequest request = draws[gl_WorkGroupID.x];
    first_unit = request.row * (push.stride / 4);
    top = statistics[request.row].x;
    inverse_temperature = request.inverse_temperature;
    const uint id = draw(request.top_p, request.top_k, request.share);
    if (lane == 0) ids[gl_WorkGroupID.x] = id;
}
