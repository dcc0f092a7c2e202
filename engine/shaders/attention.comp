#version 460
// out[t, head] = softmax(q . k / sqrt(head_dim)) v over the token's own prefix.
// A query is one head of one token. One workgroup: the queries of a tile (see plan_attention), which share a KV head
// and a table of cache rows, so that keys and values are read once for all of them. It reads the cache in blocks of
// kPositions, by absolute position, with a running maximum per query. A query's order of additions depends only on
// positions, not on where the rows are or which queries share them.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { AttentionPush push; };
layout(binding = 0, rgba32f) uniform readonly imageBuffer q;        // [tokens, heads, kHeadUnits] vec4
layout(binding = 1, rgba32f) uniform readonly imageBuffer k_cache;  // [cache rows, kv_heads, kHeadUnits] vec4
layout(binding = 2, rgba32f) uniform readonly imageBuffer v_cache;
layout(binding = 3) readonly buffer Tokens { uvec4 token[]; };  // position, cache row, start of its table, tile: see push.h
layout(binding = 4) readonly buffer Rows { uint rows[]; };      // tables: the cache row of each position
#ifdef EIGHT_BITS
// [tokens, out_stride / 32 * 5 * 2], see eight_bits.glsl; head_dim is a multiple of 32.
layout(binding = 5) writeonly buffer Out { uvec2 y[]; };
#include "eight_bits.glsl"
#else
layout(binding = 5) writeonly buffer Out { float y[]; };  // [tokens, out_stride]
#endif

const uint kGroups = kLanes < kTilePositions ? kTilePositions / kLanes : 1;  // positions of a block per lane
const uint kPositions = kGroups * kLanes;
#ifdef ONE
const uint kQueries = 1;
#else
const uint kParts = kBroadcasts ? kBroadcastParts : 1;
const uint kMost = kTileQueries / kParts;
const uint kWork = kTileWork / kParts / kHeadUnits;
const uint kQueries = kWork > kMost ? kMost : kWork > 1 ? kWork : 1;
#endif
const uint kQueryGroups = (kQueries + kLanes - 1) / kLanes;

uint lane, out_stride, head_dim;
vec4 own[kQueries][kUnitsPerLane];  // the lane's units of each query
uint last[kQueries];                // position of each query
float largest[kQueries];
float mass[kQueries];               // sum over the lane's positions
float weight[kQueries][kGroups];    // weights of the lane's positions of a block
vec4 sum[kQueries][kUnitsPerLane];  // weighted sum of the lane's units

// Computes every query's weights for the block that begins at `start`, and scales mass and sum to the new maximum.
// `base`: first unit of each of the lane's positions in the cache.
void weigh(uint start, uint base[kGroups], float scale) {
    vec4 key[kGroups][kHeadUnits];
    [[unroll]] for (uint g = 0; g < kGroups; g++) {
        [[unroll]] for (uint u = 0; u < kHeadUnits; u++) key[g][u] = imageLoad(k_cache, texel(base[g] + u));
    }
    [[unroll]] for (uint i = 0; i < kQueries; i++) {
        precise float score[kGroups];
        [[unroll]] for (uint g = 0; g < kGroups; g++) score[g] = 0.0;
        [[unroll]] for (uint u = 0; u < kHeadUnits; u++) {
            const vec4 mine = own[i][u / kLanes];
            const uint from = u % kLanes;
            const vec4 a = vec4(from_lane(mine.x, from), from_lane(mine.y, from),
                                from_lane(mine.z, from), from_lane(mine.w, from));
            [[unroll]] for (uint g = 0; g < kGroups; g++) {
                const vec4 b = key[g][u];
                score[g] = score[g] + (a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w);
            }
        }
        float top = -1e30;
        [[unroll]] for (uint g = 0; g < kGroups; g++) {
            const bool seen = start + g * kLanes + lane <= last[i];
            score[g] = seen ? score[g] * scale : -1e30;
            top = max(top, score[g]);
        }
        top = max(largest[i], max_of_lanes(top));
        // A block after the query's own position, read for other queries of the tile, changes nothing.
        const float keep = start <= last[i] ? exp(largest[i] - top) : 1.0;
        largest[i] = top;
        precise float next = mass[i] * keep;
        [[unroll]] for (uint g = 0; g < kGroups; g++) {
            const bool seen = start + g * kLanes + lane <= last[i];
            weight[i][g] = seen ? exp(score[g] - top) : 0.0;
            next = next + weight[i][g];
        }
        mass[i] = next;
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) {
            precise const vec4 kept = sum[i][u] * keep;
            sum[i][u] = kept;
        }
    }
}

// Adds the block's weighted values, in order of positions.
void gather(uint start, uint base[kGroups]) {
    vec4 value[kPositions][kUnitsPerLane];
    [[unroll]] for (uint p = 0; p < kPositions; p++) {
        const uint first = from_lane(base[p / kLanes], p % kLanes);
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) {
            value[p][u] = imageLoad(v_cache, texel(first + min(u * kLanes + lane, kHeadUnits - 1)));
        }
    }
    [[unroll]] for (uint i = 0; i < kQueries; i++) {
        precise vec4 next[kUnitsPerLane];
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) next[u] = sum[i][u];
        [[unroll]] for (uint p = 0; p < kPositions; p++) {
            const float share = from_lane(weight[i][p / kLanes], p % kLanes);
            [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) next[u] = next[u] + share * value[p][u];
        }
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) {
            if (start <= last[i]) sum[i][u] = next[u];
        }
    }
}

void store(uint t, uint head, vec4 result[kUnitsPerLane]) {
    [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) {
        const uint unit = u * kLanes + lane;
#ifdef EIGHT_BITS
        const uint blocks = out_stride / 32;
        if (unit < kHeadUnits) store_eight_bits(t * (blocks * 5), blocks, head * kHeadUnits + unit, result[u]);
#else
        const uint first = t * out_stride + head * head_dim;
        [[unroll]] for (uint c = 0; c < 4; c++) {
            const uint d = unit * 4 + c;
            if (d < head_dim) y[first + d] = result[u][c];
        }
#endif
    }
}

void main() {
    lane = gl_SubgroupInvocationID;
    out_stride = push.out_stride;
    head_dim = push.head_dim;
    const uint group = push.heads / push.kv_heads;
    const uint parts = (group + push.tile_heads - 1) / push.tile_heads;
    const uint kv_head = gl_WorkGroupID.x / parts;
    const uint part = gl_WorkGroupID.x % parts;
    const uint first_head = kv_head * group + part * push.tile_heads;
    const uint heads = min(push.tile_heads, group - part * push.tile_heads);
    const uint tile = token[gl_WorkGroupID.y].w;
    const uint first_token = tile / kTileCount;
    const uint queries = tile % kTileCount * heads;
    const uint table = token[first_token].z;
    const uint kv_heads = push.kv_heads;
    const float scale = push.scale;

    // Each lane computes the place of one query per group and shares it. Missing queries are copies of the last one and
    // are not stored.
    uint t_of[kQueryGroups], head_of[kQueryGroups], position_of[kQueryGroups];
    [[unroll]] for (uint g = 0; g < kQueryGroups; g++) {
        const uint query = min(g * kLanes + lane, queries - 1);
        t_of[g] = first_token + query / heads;
        head_of[g] = first_head + query % heads;
        position_of[g] = token[t_of[g]].x;
    }
    uint end = 0;  // the largest position of all queries
    [[unroll]] for (uint i = 0; i < kQueries; i++) {
        last[i] = from_lane(position_of[i / kLanes], i % kLanes);
        end = max(end, last[i]);
        const uint line = (from_lane(t_of[i / kLanes], i % kLanes) * push.heads + from_lane(head_of[i / kLanes], i % kLanes)) * kHeadUnits;
        largest[i] = -1e30;
        mass[i] = 0.0;
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) {
            own[i][u] = imageLoad(q, texel(line + min(u * kLanes + lane, kHeadUnits - 1)));
            sum[i][u] = vec4(0.0);
        }
    }
    [[dont_unroll]] for (uint start = 0; start <= end; start += kPositions) {
        uint base[kGroups];
        [[unroll]] for (uint g = 0; g < kGroups; g++) {
            const uint row = rows[table + min(start + g * kLanes + lane, end)];
            base[g] = (row * kv_heads + kv_head) * kHeadUnits;
        }
        weigh(start, base, scale);
        gather(start, base);
    }
    [[unroll]] for (uint i = 0; i < kQueries; i++) {
        const float all = sum_of_lanes(mass[i]);
        vec4 result[kUnitsPerLane];
        [[unroll]] for (uint u = 0; u < kUnitsPerLane; u++) result[u] = sum[i][u] / all;
        const uint t = from_lane(t_of[i / kLanes], i % kLanes);
        const uint head = from_lane(head_of[i / kLanes], i % kLanes);
        if (i < queries) store(t, head, result);
    }
}
