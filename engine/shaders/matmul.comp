#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k], in f32.
// One workgroup: kRowGroups * kLanes weight rows (a lane is a row) for TOKENS tokens. For each row and token the
// products of a block of 32 are summed in four chains of fixed order, scaled, and added to the total in order of
// blocks, independent of other rows and tokens.
#extension GL_GOOGLE_include_directive : require
#include "matmul_tile.glsl"
layout(binding = 1, rgba32f) uniform readonly imageBuffer x;  // [tokens, blocks * 8] vec4, zero beyond the row

uint x_units;
uint token_x;  // first unit of the first token
uint first_x;  // unit of the first block that this lane loads; a load reads several tokens, 8 lanes each
vec4 place_scale;

// Adds a block to token t's totals. Eight lanes from `first_lane` on have its activations: `plain`, and `mine`,
// prescaled.
void accumulate(uint t, float w[kRowGroups][32], vec4 scale[kRowGroups], vec4 plain, vec4 mine, uint first_lane) {
    // Chains: even and odd values of the first half, then of the second half.
    precise float sum[kRowGroups][4];
    [[unroll]] for (uint i = 0; i < 32; i++) {
        const float value = from_lane(mine[i & 3], first_lane + (i >> 2));
        const uint chain = (i >> 4) * 2 + (i & 1);
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) sum[r][chain] = (i & 14) == 0 ? w[r][i] * value : sum[r][chain] + w[r][i] * value;
    }
#ifdef MINIMA
    precise const float own = (plain.x + plain.y) + (plain.z + plain.w);
    const float first_sum = sum_of_4(own, first_lane);
    const float second_sum = sum_of_4(own, first_lane + 4);
    precise const float all = first_sum + second_sum;
#endif
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        precise const float first_half = sum[r][0] + sum[r][1];
        precise const float second_half = sum[r][2] + sum[r][3];
#if defined(PLAIN)
        precise float value = first_half + second_half;
#elif defined(HALVES)
        precise float value = scale[r].x * first_half + scale[r].y * second_half;
#else
        precise float value = scale[r].x * (first_half + second_half);
#endif
#if defined(MINIMA) && defined(HALVES)
        value = value + (scale[r].z * first_sum + scale[r].w * second_sum);
#elif defined(MINIMA)
        value = value + scale[r].z * all;
#endif
        precise const float next = total[r][t] + value;
        total[r][t] = next;
    }
}

void add_block(uint superblock, uint index) {
    float w[kRowGroups][32];
    vec4 scale[kRowGroups];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) unpack(base[r], blocks, superblock, index, w[r], scale[r]);
    const uint tokens_per_load = min(kLanes / 8, TOKENS);
    [[unroll]] for (uint t = 0; t < TOKENS; t += tokens_per_load) {
        const vec4 plain = imageLoad(x, texel(first_x + t * x_units + (superblock * 8 + index) * 8));
        const vec4 mine = plain * place_scale;
        [[unroll]] for (uint part = 0; part < tokens_per_load; part++) accumulate(t + part, w, scale, plain, mine, part * 8);
    }
}

#ifdef PLAIN
#define BLOCKS_PER_TURN 1  // nothing to share
#else
#define BLOCKS_PER_TURN 2
#endif
#if TOKENS == 1 && BLOCKS_PER_TURN > 1
// The same for BLOCKS_PER_TURN blocks of a superblock: a load reads the activations of several blocks.
void add_blocks(uint superblock, uint index, uint lane) {
    const uint blocks_per_load = min(kLanes / 8, BLOCKS_PER_TURN);
    [[unroll]] for (uint first = 0; first < BLOCKS_PER_TURN; first += blocks_per_load) {
        const vec4 plain = imageLoad(x, texel(token_x + (superblock * 8 + index + first) * 8 + lane % (8 * BLOCKS_PER_TURN)));
        const vec4 mine = plain * place_scale;
        [[unroll]] for (uint part = 0; part < blocks_per_load; part++) {
            float w[kRowGroups][32];
            vec4 scale[kRowGroups];
            [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
                unpack(base[r], blocks, superblock, index + first + part, w[r], scale[r]);
            }
            accumulate(0, w, scale, plain, mine, part * 8);
        }
    }
}
#endif

void find_activations(uint first_token, uint lane) {
    x_units = blocks * 8;
    token_x = first_token * x_units;
    first_x = (first_token + (lane >> 3) % TOKENS) * x_units + (lane & 7);
    place_scale = prescale(lane);
}
#include "matmul_main.glsl"
