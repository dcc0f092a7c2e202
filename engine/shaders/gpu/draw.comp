#version 460
// ids[i]: the token sampled for draws[i] from its row of logits, see draw.glsl. One workgroup per draw: each invocation
// sums over strides of the row, then the sums are added in a binary tree.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 256) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { LogitsPush push; };
layout(binding = 0) readonly buffer Logits { float logits[]; };         // [rows, push.stride]
layout(binding = 1) readonly buffer Statistics { vec4 statistics[]; };  // [rows]: maximum, ...
layout(binding = 2) readonly buffer Draws { DrawRequest draws[]; };     // [gl_NumWorkGroups.x]
layout(binding = 3) writeonly buffer Ids { uint ids[]; };               // [gl_NumWorkGroups.x]

shared vec3 masses[kGpuThreads];
shared uvec3 counts[kGpuThreads];
uint first;

#define ALL_SUM(type, values) \
    type all_sum(type value) { \
        const uint local = gl_LocalInvocationID.x; \
        barrier();  /* the last sum has been read by all */ \
        values[local] = value; \
        for (uint width = kGpuThreads / 2; width > 0; width /= 2) { \
            barrier(); \
            if (local < width) { \
                precise const type both = values[local] + values[local + width]; \
                values[local] = both; \
            } \
        } \
        barrier(); \
        return values[0]; \
    }
ALL_SUM(vec3, masses)
ALL_SUM(uvec3, counts)

#define EACH_LOGIT_BEGIN \
    for (uint id = gl_LocalInvocationID.x; id < vocab; id += kGpuThreads) { \
        const float logit = logits[first + id];
#define EACH_LOGIT_END }
#include "draw.glsl"

void main() {
    vocab = push.vocab;
    const DrawRequest request = draws[gl_WorkGroupID.x];
    first = request.row * push.stride;
    top = statistics[request.row].x;
    inverse_temperature = request.inverse_temperature;
    const uint id = draw(request.top_p, request.top_k, request.share);
    if (gl_LocalInvocationID.x == 0) ids[gl_WorkGroupID.x] = id;
}
