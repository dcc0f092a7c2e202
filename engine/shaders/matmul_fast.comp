#version 460
// y[t, n] (+)= sum over k of W[n, k] * x[t, k] with x in 8-bit integers (quantise.comp). Integer sums within a block are exact; the
// blocks are added in f32 in their order: as in matmul.comp, no other row or token enters.
//
// With A = a + b * 65536 (weights) and B = x_b + x_a * 65536 (activations), A * B modulo 2^32 is a * x_b + (a * x_a + b * x_b) * 65536:
// one multiplication for two products. The lower part is cut off with rounding while it is known to stay below 2^15.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { MatmulPush push; };
layout(binding = 0, rgba32ui) uniform readonly uimageBuffer weights;  // rows interleaved by kLanes in units of 16 bytes
layout(binding = 1, rgba32ui) uniform readonly uimageBuffer x;        // [tokens, blocks * 5], see quantise.comp
layout(binding = 2) buffer Y { float y[]; };                          // [tokens, y_stride]
#include "unpack.glsl"

const uint kRowGroups = TOKENS == 1 ? kRowGroupsOne : kRowGroupsMany;

// The sum of products of pairs `from` to `from` + 7.
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
#if PRODUCTS == 16
    int part = 0x8000;
    [[unroll]] for (uint m = 0; m < 16; m++) part += int(a[m]) * b[m];
    return part >> 16;
#else
    return dot_half(a, b, 0) + dot_half(a, b, 8);
#endif
}

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint first_token = gl_WorkGroupID.y * TOKENS;
    const uint blocks = push.blocks;
    const uint x_units = blocks * 5;
    uint base[kRowGroups];
    precise float total[kRowGroups][TOKENS];
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        base[r] = (gl_WorkGroupID.x * kRowGroups + r) * kLanes * weight_units(blocks) + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) total[r][t] = 0.0;
    }
    // A load brings the words of several tokens (4 lanes each) and the heads of all.
    const uint word_address = (first_token + (lane >> 2) % TOKENS) * x_units + (lane & 3);
    const uint head_address = (first_token + lane % TOKENS) * x_units + blocks * 4;
    const uint tokens_per_load = min(kLanes / 4, TOKENS);
    [[dont_unroll]] for (uint block = 0; block < blocks; block++) {
        uint a[kRowGroups][16];
        vec4 scale[kRowGroups];
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) pairs(base[r], blocks, block, a[r], scale[r]);
        const uvec4 heads = imageLoad(x, int(head_address + block));
        [[unroll]] for (uint t = 0; t < TOKENS; t += tokens_per_load) {
            const uvec4 words = imageLoad(x, int(word_address + t * x_units + block * 4));
            [[unroll]] for (uint part = 0; part < tokens_per_load; part++) {
                int b[16];
                [[unroll]] for (uint m = 0; m < 16; m++) b[m] = int(subgroupShuffle(words[m & 3], part * 4 + (m >> 2)));
                const float d = uintBitsToFloat(subgroupShuffle(heads.x, t + part));
#ifdef MINIMA
                const float first_sum = uintBitsToFloat(subgroupShuffle(heads.y, t + part));
                const float second_sum = uintBitsToFloat(subgroupShuffle(heads.z, t + part));
#endif
                [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
#ifdef HALVES
                    precise float value = d * (scale[r].x * float(dot_half(a[r], b, 0)) + scale[r].y * float(dot_half(a[r], b, 8)));
#else
                    precise float value = scale[r].x * (d * float(dot_all(a[r], b)));
#endif
#if defined(MINIMA) && defined(HALVES)
                    value = value + (scale[r].z * first_sum + scale[r].w * second_sum);
#elif defined(MINIMA)
                    value = value + scale[r].z * (first_sum + second_sum);
#endif
                    total[r][t + part] = total[r][t + part] + value;
                }
            }
        }
    }
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        const uint row = (gl_WorkGroupID.x * kRowGroups + r) * kLanes + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) {
            const uint token = first_token + t;
            if (row < push.rows && token < push.tokens) {
                const uint at = token * push.y_stride + push.y_offset + row;
                y[at] = push.accumulate != 0 ? y[at] + total[r][t] : total[r][t];
            }
        }
    }
}
