// Shared by the IQ4 types; needs nibbles_of and scales_of.
// The 16 values of the IQ4 types as bytes of four words: -127 -104 -83 -65 | -49 -35 -22 -10 | 1 13 25 38 | 53 69 89
// 113. Selected by arithmetic, because software devices index tables one lane at a time.
int iq4_value(uint nibble) {
    const uint lower = (nibble & 4) != 0 ? 0xF6EADDCFu : 0xBFAD9881u;
    const uint upper = (nibble & 4) != 0 ? 0x71594535u : 0x26190D01u;
    const uint word = (nibble & 8) != 0 ? upper : lower;
    return int(word << (24 - 8 * (nibble & 3))) >> 24;
}

// 32 nibbles in one unit: the low one of byte i is value i, the high one value i + 16.
uint low_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3)) & 15; }
uint high_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3) + 4) & 15; }

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    const uvec4 unit = nibbles_of(base, blocks, superblock, index);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        w[i] = float(iq4_value(low_nibble(unit, i)));
        w[i + 16] = float(iq4_value(high_nibble(unit, i)));
    }
    s = scales_of(base, blocks, superblock, index);
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint superblock, uint index, out uint a[16], out vec4 s) {
    const uvec4 unit = nibbles_of(base, blocks, superblock, index);
    [[unroll]] for (uint m = 0; m < 8; m++) {
        const uint v = (m >> 1) * 4 + (m & 1);
        a[m] = uint(iq4_value(low_nibble(unit, v)) + iq4_value(low_nibble(unit, v + 2)) * 65536);
        a[m + 8] = uint(iq4_value(high_nibble(unit, v)) + iq4_value(high_nibble(unit, v + 2)) * 65536);
    }
    s = scales_of(base, blocks, superblock, index);
}
