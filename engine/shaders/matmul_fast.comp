#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with x in 8-bit integers (quantise.comp). Integer sums within a block
// are exact; blocks are added in f32 in order. As in matmul.comp, other rows and tokens have no influence.
//
// With A = a + b * 65536 (weights) and B = x_b + x_a * 65536 (activations), A * B modulo 2^32 is
// a * x_b + (a * x_a + b * x_b) * 65536: one multiplication for two products. The lower part is rounded away while it
// is certain to be below 2^15.
#extension GL_GOOGLE_include_directive : require
#include "matmul_tile.glsl"
layout(binding = 1, rgba32ui) uniform readonly uimageBuffer x;  // [tokens, blocks * 5], see quantise.comp

uint x_units;
uint token_address;  // of the first token's activations
uint word_address;  // a load reads the words of several tokens, 4 lanes each
uint head_address;  // a load reads the heads of as many tokens as there are lanes

#ifdef HALVES  // the halves of a block have scales of their own
const uint kProducts = min(PRODUCTS, 8);
#else
const uint kProducts = PRODUCTS;
#endif

// The sums of the products of a token's 16 pairs, per row group: of the first half and the second, or of all in x. Four
// lanes from `first_lane` on have the token's words. Each word is used for all row groups at once: 16 of them do not fit
// into the registers of narrow vectors.
void multiply(uint a[kRowGroups][16], uvec4 words, uint first_lane, out ivec2 dots[kRowGroups]) {
    int part[kRowGroups];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) dots[r] = ivec2(0);
    [[unroll]] for (uint m = 0; m < 16; m++) {
        const int b = int(from_lane(words[m & 3], first_lane + (m >> 2)));
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
            part[r] = (m % kProducts == 0 ? 0x8000 : part[r]) + int(a[r][m]) * b;
            if (m % kProducts == kProducts - 1) dots[r][m >> 3] += part[r] >> 16;
        }
    }
#ifndef HALVES
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) dots[r].x += dots[r].y;
#endif
}

// Adds a block to token t's totals. Four lanes from `first_lane` on have its activation words, lane `head_lane` its
// head.
void accumulate(uint t, uint a[kRowGroups][16], vec4 scale[kRowGroups], uvec4 words, uint first_lane, uvec4 heads,
                uint head_lane) {
    ivec2 dots[kRowGroups];
    multiply(a, words, first_lane, dots);
    const float d = uintBitsToFloat(from_lane(heads.x, head_lane));
#if defined(MINIMA) || defined(RAW_OFFSET)
    const int first_sum = int(from_lane(heads.y, head_lane));
    const int second_sum = int(from_lane(heads.z, head_lane));
#endif
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
#ifdef HALVES
#ifdef RAW_OFFSET
        dots[r] -= RAW_OFFSET * ivec2(first_sum, second_sum);
#endif
        precise float value = scale[r].x * float(dots[r].x) + scale[r].y * float(dots[r].y);
#else
#ifdef RAW_OFFSET
        dots[r].x -= RAW_OFFSET * (first_sum + second_sum);
#endif
        precise float value = scale[r].x * float(dots[r].x);
#endif
#if defined(MINIMA) && defined(HALVES)
        value = value + (scale[r].z * float(first_sum) + scale[r].w * float(second_sum));
#elif defined(MINIMA)
        value = value + scale[r].z * float(first_sum + second_sum);
#endif
        precise const float next = total[r][t] + d * value;
        total[r][t] = next;
    }
}

void add_block(uint superblock, uint index) {
    const uint block = superblock * 8 + index;
    uint a[kRowGroups][16];
    vec4 scale[kRowGroups];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) pairs(base[r], blocks, superblock, index, a[r], scale[r]);
    const uint tokens_per_load = min(kLanes / 4, TOKENS);
    uvec4 heads;
    [[unroll]] for (uint t = 0; t < TOKENS; t += tokens_per_load) {
        if (t % kLanes == 0) heads = imageLoad(x, texel(head_address + t * x_units + block));
        const uvec4 words = imageLoad(x, texel(word_address + t * x_units + block * 4));
        [[unroll]] for (uint part = 0; part < tokens_per_load; part++) {
            accumulate(t + part, a, scale, words, part * 4, heads, (t + part) % kLanes);
        }
    }
}

#define BLOCKS_PER_TURN 4
#if TOKENS == 1
// The same for BLOCKS_PER_TURN blocks of a superblock: a load reads the words of several blocks, and one load the heads
// of all.
void add_blocks(uint superblock, uint index, uint lane) {
    const uint from = superblock * 8 + index;
    const uvec4 heads = imageLoad(x, texel(token_address + blocks * 4 + from + lane % BLOCKS_PER_TURN));
    const uint blocks_per_load = min(kLanes / 4, BLOCKS_PER_TURN);
    [[unroll]] for (uint first = 0; first < BLOCKS_PER_TURN; first += blocks_per_load) {
        const uvec4 words = imageLoad(x, texel(token_address + (from + first) * 4 + lane % (4 * BLOCKS_PER_TURN)));
        [[unroll]] for (uint part = 0; part < blocks_per_load; part++) {
            uint a[kRowGroups][16];
            vec4 scale[kRowGroups];
            [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
                pairs(base[r], blocks, superblock, index + first + part, a[r], scale[r]);
            }
            accumulate(0, a, scale, words, part * 4, heads, first + part);
        }
    }
}
#endif

void find_activations(uint first_token, uint lane) {
    x_units = blocks * 5;
    token_address = first_token * x_units;
    word_address = (first_token + (lane >> 2) % TOKENS) * x_units + (lane & 3);
    head_address = (first_token + lane % TOKENS) * x_units + blocks * 4;
}
#include "matmul_main.glsl"
