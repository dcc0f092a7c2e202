#version 460
// Rotates adjacent pairs of q and k by the token's position, and stores q for attention, k and v in the cache.
// One invocation per pair: first those of q, then of k, then of v (copied).
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { RopePush push; };
layout(binding = 0) readonly buffer X { vec2 x[]; };            // [tokens, stride / 2]: q, k and v of each token
layout(binding = 1) readonly buffer Tokens { uvec4 token[]; };  // position, cache row, start of its table, tile
layout(binding = 2) readonly buffer Table { vec2 table[]; };    // [positions, head_dim / 2] cosine and sine
layout(binding = 3) writeonly buffer QOut { vec2 q_out[]; };    // [tokens, heads, kHeadUnits * 2]
layout(binding = 4) writeonly buffer KCache { vec2 k_cache[]; };  // [cache rows, kv_heads, kHeadUnits * 2]
layout(binding = 5) writeonly buffer VCache { vec2 v_cache[]; };

void main() {
    const uint pairs = push.head_dim / 2;
    const uint index = gl_GlobalInvocationID.x;
    const uint t = gl_WorkGroupID.y;
    const uint head = index / pairs;
    const uint pair = index % pairs;
    if (head >= push.heads + 2 * push.kv_heads) return;
    const bool is_query = head < push.heads;
    const bool is_key = !is_query && head < push.heads + push.kv_heads;
    const uint kv_head = (head - push.heads) % push.kv_heads;
    const uint offset = is_query ? head * push.head_dim : (is_key ? push.k_offset : push.v_offset) + kv_head * push.head_dim;
    // One place in the code for each load and store, because each becomes a loop over the lanes, or many branches.
    const vec2 value = x[(t * push.stride + offset) / 2 + pair];
    const uint position = token[t].x;
    const uint row = token[t].y;
    const vec2 turn = table[position * pairs + pair];
    const vec2 turned = vec2(value.x * turn.x - value.y * turn.y, value.x * turn.y + value.y * turn.x);
    const uint to = (row * push.kv_heads + kv_head) * kHeadUnits * 2 + pair;
    if (is_query) {
        q_out[(t * push.heads + head) * kHeadUnits * 2 + pair] = turned;
    } else if (is_key) {
        k_cache[to] = turned;
    } else {
        v_cache[to] = value;
    }
}
