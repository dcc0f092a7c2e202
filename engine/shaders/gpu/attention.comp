#version 460
// out[t, head] = softmax(q . k / sqrt(head_dim)) v over the token's own prefix, in the manner of FlashAttention.
// One workgroup: several heads of one KV head for push.tile_tokens tokens (a query is one head of one token).
// Neighbouring tokens that share a table of rows read the cache together, by absolute position, in blocks of kPositions
// with a running maximum; the keys and values of a block are read once into workgroup memory. Chunks of kAttentionChunk
// positions are summed separately and then combined in order. With SPLIT a workgroup computes one chunk, and
// gpu/attention_combine.comp combines the chunks. Either way a query's order of additions depends only on positions.
#extension GL_GOOGLE_include_directive : require
layout(local_size_x = 128) in;
#include "gpu/common_gpu.glsl"
layout(push_constant) uniform Push { AttentionPush push; };
layout(binding = 0) readonly buffer Q { vec4 q[]; };            // [tokens, heads, kHeadUnits]
layout(binding = 1) readonly buffer Keys { vec4 k_cache[]; };   // [cache rows, kv_heads, kHeadUnits]
layout(binding = 2) readonly buffer Values { vec4 v_cache[]; };
layout(binding = 3) readonly buffer Tokens { uvec4 token[]; };  // position, cache row, start of its table, 0
layout(binding = 4) readonly buffer Rows { uint rows[]; };      // tables: the cache row of each position
#ifdef SPLIT
// [tokens, heads, push.chunks, kHeadUnits + 1], the last unit: maximum, mass
layout(binding = 5) writeonly buffer Out { vec4 partial[]; };
#else
layout(binding = 5) writeonly buffer Out { float y[]; };        // [tokens, out_stride]
#endif
#include "gpu/attention_merge.glsl"

// Wider heads have smaller blocks and fewer queries, to fit workgroup memory.
const uint kWidth = (kHeadUnits + kAttentionUnits - 1) / kAttentionUnits;
const uint kPositions = kAttentionPositions / kWidth;
const uint kQueries = kAttentionQueries / kWidth;
const uint kLine = kHeadUnits + 1;
const uint kItems = (kQueries * kHeadUnits + kAttentionThreads - 1) / kAttentionThreads;  // result vec4 per invocation

shared vec4 tile[kPositions * kLine];
shared vec4 queries[kQueries * kHeadUnits];
shared float scores[kQueries * kPositions];  // then weights
shared float keeps[kQueries];
shared Softmax chunk_state[kQueries];
shared Softmax whole_state[kQueries];
shared vec2 merges[kQueries];

// The queries of a run of tokens.
struct Run {
    uint first, table, count;      // first token, start of the table, number of queries
    uint first_head, heads;        // heads of each token
    uint kv_head;
};
uint position_of(Run run, uint query) { return token[run.first + query / run.heads].x; }
uint line_of(Run run, uint query) { return (run.first + query / run.heads) * push.heads + run.first_head + query % run.heads; }

vec4 sum[kItems];  // weighted values of the chunk

// Computes `sum` and `chunk_state` of positions `from` to `to` - 1, a chunk or its beginning.
void add_chunk(Run run, uint from, uint to) {
    const uint local = gl_LocalInvocationID.x;
    if (local < run.count) chunk_state[local] = Softmax(kLeast, 0.0);
    [[unroll]] for (uint n = 0; n < kItems; n++) sum[n] = vec4(0.0);
    [[dont_unroll]] for (uint start = from; start < to; start += kPositions) {
        const uint here = min(kPositions, to - start);
        barrier();
        for (uint i = local; i < here * kHeadUnits; i += kAttentionThreads) {
            const uint row = rows[run.table + start + i / kHeadUnits];
            tile[i / kHeadUnits * kLine + i % kHeadUnits] = k_cache[(row * push.kv_heads + run.kv_head) * kHeadUnits + i % kHeadUnits];
        }
        barrier();
        for (uint i = local; i < run.count * kPositions; i += kAttentionThreads) {
            const uint query = i / kPositions;
            const uint position = i % kPositions;
            float score = kLeast;
            if (position < here && start + position <= position_of(run, query)) {
                precise vec4 products = vec4(0.0);
                for (uint u = 0; u < kHeadUnits; u++)
                    products = fma(queries[query * kHeadUnits + u], tile[position * kLine + u], products);
                precise const float product = (products.x + products.y) + (products.z + products.w);
                score = product * push.scale;
            }
            scores[i] = score;
        }
        barrier();
        for (uint i = local; i < here * kHeadUnits; i += kAttentionThreads) {
            const uint row = rows[run.table + start + i / kHeadUnits];
            tile[i / kHeadUnits * kLine + i % kHeadUnits] = v_cache[(row * push.kv_heads + run.kv_head) * kHeadUnits + i % kHeadUnits];
        }
        if (local < run.count) {
            const float before = chunk_state[local].top;
            float top = before;
            for (uint p = 0; p < here; p++) top = max(top, scores[local * kPositions + p]);
            keeps[local] = exp(before - top);
            chunk_state[local].top = top;
        }
        barrier();
        for (uint i = local; i < run.count * kPositions; i += kAttentionThreads) {
            const uint query = i / kPositions;
            const bool seen = i % kPositions < here && start + i % kPositions <= position_of(run, query);
            scores[i] = seen ? exp(scores[i] - chunk_state[query].top) : 0.0;
        }
        barrier();
        if (local < run.count && start <= position_of(run, local)) {
            precise float mass = chunk_state[local].mass * keeps[local];
            for (uint p = 0; p < kPositions; p++) mass = mass + scores[local * kPositions + p];
            chunk_state[local].mass = mass;
        }
        [[unroll]] for (uint n = 0; n < kItems; n++) {
            const uint i = n * kAttentionThreads + local;
            const uint query = i / kHeadUnits;
            if (query < run.count && start <= position_of(run, query)) {
                const uint seen = min(here, position_of(run, query) - start + 1);
                precise vec4 next = sum[n] * keeps[query];
                for (uint p = 0; p < seen; p++)
                    next = fma(vec4(scores[query * kPositions + p]), tile[p * kLine + i % kHeadUnits], next);
                sum[n] = next;
            }
        }
    }
    barrier();
}

#ifdef SPLIT
void attend(Run run, uint last_position, uint chunk) {
    const uint from = chunk * kAttentionChunk;
    if (from > last_position) return;
    add_chunk(run, from, min(from + kAttentionChunk, last_position + 1));
    [[unroll]] for (uint n = 0; n < kItems; n++) {
        const uint i = n * kAttentionThreads + gl_LocalInvocationID.x;
        const uint query = i / kHeadUnits;
        if (query < run.count && from <= position_of(run, query)) {
            const uint to = (line_of(run, query) * push.chunks + chunk) * (kHeadUnits + 1);
            partial[to + i % kHeadUnits] = sum[n];
            if (i % kHeadUnits == 0) partial[to + kHeadUnits] = vec4(chunk_state[query].top, chunk_state[query].mass, 0.0, 0.0);
        }
    }
}
#else
void attend(Run run, uint last_position, uint chunk) {
    const uint local = gl_LocalInvocationID.x;
    if (local < run.count) whole_state[local] = Softmax(kLeast, 0.0);
    vec4 whole[kItems];
    [[unroll]] for (uint n = 0; n < kItems; n++) whole[n] = vec4(0.0);
    [[dont_unroll]] for (uint from = 0; from <= last_position; from += kAttentionChunk) {
        add_chunk(run, from, min(from + kAttentionChunk, last_position + 1));
        if (local < run.count && from <= position_of(run, local)) merges[local] = merge(whole_state[local], chunk_state[local]);
        barrier();
        [[unroll]] for (uint n = 0; n < kItems; n++) {
            const uint query = (n * kAttentionThreads + local) / kHeadUnits;
            if (query < run.count && from <= position_of(run, query)) whole[n] = merged(whole[n], sum[n], merges[query]);
        }
    }
    [[unroll]] for (uint n = 0; n < kItems; n++) {
        const uint i = n * kAttentionThreads + local;
        const uint query = i / kHeadUnits;
        if (query < run.count) {
            const uint at = (run.first + query / run.heads) * push.out_stride + (run.first_head + query % run.heads) * push.head_dim;
            const vec4 value = whole[n] / whole_state[query].mass;
            [[unroll]] for (uint c = 0; c < 4; c++) {
                const uint d = i % kHeadUnits * 4 + c;
                if (d < push.head_dim) y[at + d] = value[c];
            }
        }
    }
}
#endif

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint group = push.heads / push.kv_heads;
    const uint heads = min(group, kQueries);  // of one token
    const uint parts = (group + heads - 1) / heads;
    const uint part = gl_WorkGroupID.x / push.chunks;
    const uint chunk = gl_WorkGroupID.x % push.chunks;
    Run run;
    run.kv_head = part / parts;
    run.first_head = run.kv_head * group + part % parts * heads;
    run.heads = min(heads, (run.kv_head + 1) * group - run.first_head);
    const uint tokens_end = min((gl_WorkGroupID.y + 1) * push.tile_tokens, push.tokens);
    uint end = gl_WorkGroupID.y * push.tile_tokens;
    while (end < tokens_end) {
        run.first = end;
        run.table = token[end].z;
        uint last_position = 0;
        while (end < tokens_end && token[end].z == run.table) last_position = max(last_position, token[end++].x);
        run.count = (end - run.first) * run.heads;
        barrier();
        for (uint i = local; i < run.count * kHeadUnits; i += kAttentionThreads)
            queries[i] = q[line_of(run, i / kHeadUnits) * kHeadUnits + i % kHeadUnits];
        attend(run, last_position, chunk);
    }
}
