#version 460
// Per row of logits: the maximum, the sum of exp(logit - maximum), and the argmax (lowest id on ties).
// One workgroup per row. The host takes the log of the sum, because its log is more exact.
// Software devices silently end an invocation's loops after 65,534 iterations in total: an iteration handles kPerTurn
// logits of a lane, so that the largest vocabulary needs half of that with subgroups of 8.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { LogitsPush push; };
layout(binding = 0) readonly buffer Logits { float logits[]; };         // [rows, push.stride]
layout(binding = 1) writeonly buffer Statistics { vec4 statistics[]; };  // [rows]: maximum, sum, argmax as bits, 0

const uint kPerTurn = 8;

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint vocab = push.vocab;
    const uint base = gl_WorkGroupID.x * push.stride;
    float best = logits[base];
    uint best_id = 0;
    [[dont_unroll]] for (uint first = lane; first < vocab; first += kPerTurn * kLanes) {
        [[unroll]] for (uint i = 0; i < kPerTurn; i++) {
            const uint id = first + i * kLanes;
            const float value = id < vocab ? logits[base + id] : best;
            if (value > best) {
                best = value;
                best_id = id;
            }
        }
    }
    const float top = subgroupMax(best);
    const uint top_id = subgroupMin(best == top ? best_id : 0xFFFFFFFFu);
    precise float sum = 0.0;
    [[dont_unroll]] for (uint first = lane; first < vocab; first += kPerTurn * kLanes) {
        [[unroll]] for (uint i = 0; i < kPerTurn; i++) {
            const uint id = first + i * kLanes;
            if (id < vocab) sum = sum + exp(logits[base + id] - top);
        }
    }
    sum = subgroupAdd(sum);
    if (lane == 0) statistics[gl_WorkGroupID.x] = vec4(top, sum, uintBitsToFloat(top_id), 0.0);
}
