#version 460
// Combines the chunks of gpu/attention.comp (SPLIT). One workgroup per head and token, one invocation per vec4 of a
// head.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 128) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { AttentionPush push; };
layout(binding = 0) readonly buffer Partial { vec4 partial[]; };  // [tokens, heads, push.chunks, kHeadUnits + 1]
layout(binding = 1) readonly buffer Tokens { uvec4 token[]; };
layout(binding = 2) writeonly buffer Out { float y[]; };  // [tokens, out_stride]
#include "gpu/attention_merge.glsl"

void main() {
    const uint unit = gl_LocalInvocationID.x;
    const uint head = gl_WorkGroupID.x;
    const uint t = gl_WorkGroupID.y;
    if (unit >= kHeadUnits) return;
    const uint chunks = token[t].x / kAttentionChunk + 1;
    const uint base = (t * push.heads + head) * push.chunks;
    Softmax state = Softmax(kLeast, 0.0);
    vec4 whole = vec4(0.0);
    [[dont_unroll]] for (uint chunk = 0; chunk < chunks; chunk++) {
        const uint from = (base + chunk) * (kHeadUnits + 1);
        const vec2 chunk_state = partial[from + kHeadUnits].xy;
        const vec2 factors = merge(state, Softmax(chunk_state.x, chunk_state.y));
        whole = merged(whole, partial[from + unit], factors);
    }
    const vec4 value = whole / state.mass;
    [[unroll]] for (uint c = 0; c < 4; c++) {
        const uint d = unit * 4 + c;
        if (d < push.head_dim) y[t * push.out_stride + head * push.head_dim + d] = value[c];
    }
}
