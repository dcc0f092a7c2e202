#version 460
// Per row of logits: the maximum, the sum of exp(logit - maximum), and the argmax (the lowest id of equal ones).
// One workgroup per row. The log of the sum is left to the host, whose log is exact to the last bit.
// Software devices end an invocation's loops after 65,534 turns in all, without a word: a turn takes kPerTurn logits of a lane, so that the
// largest vocabulary needs half of that in subgroups of 8.
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
