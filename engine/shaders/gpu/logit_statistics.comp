#version 460
// Per row of logits: the maximum, the sum of exp(logit - maximum), and the argmax (lowest id on ties).
// One workgroup per row: sums over strides, then a binary tree. The host takes the log of the sum.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { LogitsPush push; };
layout(binding = 0) readonly buffer Logits { float logits[]; };          // [rows, push.stride]
layout(binding = 1) writeonly buffer Statistics { vec4 statistics[]; };  // [rows]: maximum, sum, argmax as bits, 0

shared float values[kGpuThreads];
shared uint ids[kGpuThreads];

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint vocab = push.vocab;
    const uint base = gl_WorkGroupID.x * push.stride;
    float best = logits[base];
    uint best_id = 0;
    for (uint id = local; id < vocab; id += kGpuThreads) {
        const float value = logits[base + id];
        if (value > best) {
            best = value;
            best_id = id;
        }
    }
    values[local] = best;
    ids[local] = best_id;
    for (uint width = kGpuThreads / 2; width > 0; width /= 2) {
        barrier();
        if (local < width) {
            const float other = values[local + width];
            const uint other_id = ids[local + width];
            if (other > values[local] || (other == values[local] && other_id < ids[local])) {
                values[local] = other;
                ids[local] = other_id;
            }
        }
    }
    barrier();
    const float top = values[0];
    const uint top_id = ids[0];
    barrier();
    precise float sum = 0.0;
    for (uint id = local; id < vocab; id += kGpuThreads) sum = sum + exp(logits[base + id] - top);
    values[local] = sum;
    for (uint width = kGpuThreads / 2; width > 0; width /= 2) {
        barrier();
        if (local < width) {
            precise const float both = values[local] + values[local + width];
            values[local] = both;
        }
    }
    if (local == 0) statistics[gl_WorkGroupID.x] = vec4(top, values[0], uintBitsToFloat(top_id), 0.0);
}
