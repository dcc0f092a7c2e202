#version 460
// Rotates adjacent pairs of q and k by the token's position, and stores q for attention, k and v in the cache.
// One invocation per pair: first those of q, then of k, then of v (copied).
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { RopePush push; };
layout(binding = 0) readonly buffer X { float x[]; };           // [tokens, stride]: q, k and v of each token
layout(binding = 1) readonly buffer Tokens { uvec4 token[]; };  // position, cache row, start of its table, tile
layout(binding = 2) readonly buffer Table { vec2 table[]; };    // [positions, head_dim / 2] cosine and sine
layout(binding = 3) writeonly buffer QOut { float q_out[]; };   // [tokens, heads, kHeadUnits * 4]
layout(binding = 4) writeonly buffer KCache { float k_cache[]; };  // [cache rows, kv_heads, kHeadUnits * 4]
layout(binding = 5) writeonly buffer VCache { float v_cache[]; };

void main() {
    const uint pairs = push.head_dim / 2;
    const uint index = gl_GlobalInvocationID.x;
    const uint t = gl_WorkGroupID.y;
    const uint head = index / pairs;
    const uint pair = index % pairs;
    if (head >= push.heads + 2 * push.kv_heads) return;
    const uvec4 meta = token[t];
    const vec2 turn = table[meta.x * pairs + pair];
    if (head < push.heads) {
        const uint from = t * push.stride + index * 2;
        const uint to = (t * push.heads + head) * kHeadUnits * 4 + pair * 2;
        const float a = x[from], b = x[from + 1];
        q_out[to] = a * turn.x - b * turn.y;
        q_out[to + 1] = a * turn.y + b * turn.x;
    } else {
        const bool is_key = head < push.heads + push.kv_heads;
        const uint kv_head = (head - push.heads) % push.kv_heads;
        const uint from = t * push.stride + (is_key ? push.k_offset : push.v_offset) + kv_head * push.head_dim + pair * 2;
        const uint to = (meta.y * push.kv_heads + kv_head) * kHeadUnits * 4 + pair * 2;
        if (is_key) {
            const float a = x[from], b = x[from + 1];
            k_cache[to] = a * turn.x - b * turn.y;
            k_cache[to + 1] = a * turn.y + b * turn.x;
        } else {
            v_cache[to] = x[from];
            v_cache[to + 1] = x[from + 1];
        }
    }
}
