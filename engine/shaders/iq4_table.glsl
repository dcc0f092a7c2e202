// The 16 values of the IQ4 types as bytes of four words: -127 -104 -83 -65 | -49 -35 -22 -10 | 1 13 25 38 | 53 69 89 113.
// Selected by arithmetic: software devices index tables one lane at a time.
int iq4_value(uint nibble) {
    const uint lower = (nibble & 4) != 0 ? 0xF6EADDCFu : 0xBFAD9881u;
    const uint upper = (nibble & 4) != 0 ? 0x71594535u : 0x26190D01u;
    const uint word = (nibble & 8) != 0 ? upper : lower;
    return int(word << (24 - 8 * (nibble & 3))) >> 24;
}

// 32 nibbles in one unit: the low one of byte i is value i, the high one value i + 16.
uint low_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3)) & 15; }
uint high_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3) + 4) & 15; }
