// Shared by the kernels with 8-bit activations: quants as bytes, the dot product, and adding a block.
#extension GL_EXT_spirv_intrinsics : require
// OpSDot, for which glslang has no extension. The literal 0 is the packed format of four bytes in a word.
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6019, 6018], id = 4450)
int signed_dot(int a, int b, spirv_literal int packed_format);
int dot_of(uint a, uint b) { return signed_dot(int(a), int(b), 0); }

#ifndef OFFSET
#define OFFSET 0
#endif

// The 32 quants of a block as bytes in order, without subtracting OFFSET, and their scales (unpack.glsl).
void byte_words(uint base, uint blocks, uint block, out uint q[8], out vec4 s) {
    const uint superblock = block >> 3;
    const uint index = block & 7;
#if defined(PRESCALE_NIBBLES)
    uvec4 quants, high;
    words_of(base, blocks, superblock, index, quants, high);
    [[unroll]] for (uint i = 0; i < 8; i++) {
        const uint shift = i / 4 * 4;
        q[i] = quants[i % 4] >> shift & QUANT_MASK * 0x01010101u;
        if (HIGH_MASK != 0) q[i] |= (high[i % 4] >> shift & HIGH_MASK * 0x01010101u) << 4;
    }
    s = scales_of(base, blocks, superblock, index);
#elif defined(PRESCALE_BYTES)
    [[unroll]] for (uint i = 0; i < 8; i++) q[i] = bytes_of(base, blocks, superblock, index, i / 4)[i % 4];
    s = vec4(eighth_unit(unit_at(base, superblock), index));
#else
    const uvec4 unit = nibbles_of(base, blocks, superblock, index);
    [[unroll]] for (uint i = 0; i < 4; i++) {
        q[i] = q[i + 4] = 0;
        [[unroll]] for (uint b = 0; b < 4; b++) {
            q[i] |= uint(iq4_value(low_nibble(unit, i * 4 + b)) & 255) << 8 * b;
            q[i + 4] |= uint(iq4_value(high_nibble(unit, i * 4 + b)) & 255) << 8 * b;
        }
    }
    s = scales_of(base, blocks, superblock, index);
#endif
}

// Adds a block to `sum`. `dots`: sums of products of the block's halves; `s`: scales of the weights; `head`: of the
// activations.
float with_block(float sum, ivec2 dots, vec4 s, uvec4 head) {
    const ivec2 sums = ivec2(head.yz);
#ifdef HALVES
    dots -= OFFSET * sums;
    precise const float first = s.x * float(dots.x);
    precise float value = fma(s.y, float(dots.y), first);
#ifdef MINIMA
    value = fma(s.w, float(sums.y), fma(s.z, float(sums.x), value));
#endif
#else
    precise float value = s.x * float(dots.x + dots.y - OFFSET * (sums.x + sums.y));
#ifdef MINIMA
    value = fma(s.z, float(sums.x + sums.y), value);
#endif
#endif
    precise const float next = fma(uintBitsToFloat(head.x), value, sum);
    return next;
}
