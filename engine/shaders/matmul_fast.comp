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

// The sum of products of 8 pairs, starting at pair `from`.
int dot_half(uint a[16], int b[16], uint from) {
    int sum = 0;
    [[unroll]] for (uint m = 0; m < 8; m += min(PRODUCTS, 8)) {
        int part = 0x8000;
        [[unroll]] for (uint i = 0; i < min(PRODUCTS, 8); i++) part += int(a[from + m + i]) * b[from + m + i];
        sum += part >> 16;
    }
    return sum;
}

int dot_all(uint a[16], int b[16]) {
    if (PRODUCTS < 16) return dot_half(a, b, 0) + dot_half(a, b, 8);
    int part = 0x8000;
    [[unroll]] for (uint m = 0; m < 16; m++) part += int(a[m]) * b[m];
    return part >> 16;
}

// Adds a block to token t's totals. Four lanes from `first_lane` on have its activation words, lane `head_lane` its
// head.
void accumulate(uint t, uint a[kRowGroups][16], vec4 scale[kRowGroups], uvec4 words, uint first_lane, uvec4 heads,
                uint head_lane) {
    int b[16];
    [[unroll]] for (uint m = 0; m < 16; m++) b[m] = int(from_lane(words[m & 3], first_lane + (m >> 2)));
    const float d = uintBitsToFloat(from_lane(heads.x, head_lane));
#if defined(MINIMA) || defined(RAW_OFFSET)
    const int first_sum = int(from_lane(heads.y, head_lane));
    const int second_sum = int(from_lane(heads.z, head_lane));
#endif
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
#ifdef HALVES
        ivec2 dots = ivec2(dot_half(a[r], b, 0), dot_half(a[r], b, 8));
#ifdef RAW_OFFSET
        dots -= RAW_OFFSET * ivec2(first_sum, second_sum);
#endif
        precise float value = scale[r].x * float(dots.x) + scale[r].y * float(dots.y);
#else
        int dots = dot_all(a[r], b);
#ifdef RAW_OFFSET
        dots -= RAW_OFFSET * (first_sum + second_sum);
#endif
        precise float value = scale[r].x * float(dots);
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
