// Types whose quants are stored at the places of nibbles, in four words per block: place p (bits 4p to 4p + 3) of word
// i is value 4i + p / 2 if p is even, and value 16 + 4i + p / 2 if p is odd. `quants` has the bits QUANT_MASK at each
// place; `high` has the bits HIGH_MASK at each place, which belong 4 bits higher in the quant. The value of a quant is
// quant - OFFSET.
#define PRESCALE_NIBBLES

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    uvec4 quants, high;
    words_of(base, blocks, superblock, index, quants, high);
    [[unroll]] for (uint i = 0; i < 4; i++) {
        [[unroll]] for (uint upper = 0; upper < 2; upper++) {
            const uint low_bits = quants[i] >> (16 * upper);
            const uint high_bits = upper != 0 ? high[i] >> 12 : high[i] << 4;
            [[unroll]] for (uint p = 0; p < 4; p++) {
                const uint bits = (low_bits & QUANT_MASK << 4 * p) | (high_bits & HIGH_MASK << (4 * p + 4));
                w[(p & 1) * 16 + i * 4 + upper * 2 + (p >> 1)] = integer_at(bits, 63, 4 * p, float(OFFSET));
            }
        }
    }
    s = scales_of(base, blocks, superblock, index);
}

// If many tokens share the unpacking, the offset is subtracted here, which keeps sums small; for one token it is
// subtracted from the sum (RAW_OFFSET). Both are exact.
#if TOKENS == 1 && OFFSET != 0
#define RAW_OFFSET OFFSET
#endif
#if !defined(RAW_OFFSET) && OFFSET != 0
#define CENTRED OFFSET
#define LARGEST OFFSET
#else
#define CENTRED 0
#define LARGEST (QUANT_MASK + 16 * HIGH_MASK)
#endif
// 2 * PRODUCTS * LARGEST * 127 < 2^15
#define PRODUCTS (LARGEST <= 4 ? 16 : LARGEST <= 8 ? 16 : LARGEST <= 16 ? 8 : LARGEST <= 32 ? 4 : 2)

void pairs(uint base, uint blocks, uint superblock, uint index, out uint a[16], out vec4 s) {
    uvec4 quants, high;
    words_of(base, blocks, superblock, index, quants, high);
    [[unroll]] for (uint m = 0; m < 16; m++) {
        const uint place = (m & 1) * 8 + (m >> 3) * 4;
        const uint i = m >> 1 & 3;
        a[m] = quants[i] >> place & QUANT_MASK * 0x00010001u;
        if (HIGH_MASK != 0) a[m] |= (high[i] >> place & HIGH_MASK * 0x00010001u) << 4;
        a[m] -= CENTRED * 0x00010001u;
    }
    s = scales_of(base, blocks, superblock, index);
}
