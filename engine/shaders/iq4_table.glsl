// The 16 values of the IQ4 types as bytes of four words: -127 -104 -83 -65 | -49 -35 -22 -10 | 1 13 25 38 | 53 69 89 113.
// Selected by arithmetic: software devices index tables one lane at a time.
int iq4_integer(uint nibble) {
    const uint lower = (nibble & 4) != 0 ? 0xF6EADDCFu : 0xBFAD9881u;
    const uint upper = (nibble & 4) != 0 ? 0x71594535u : 0x26190D01u;
    const uint word = (nibble & 8) != 0 ? upper : lower;
    return int(word << (24 - 8 * (nibble & 3))) >> 24;
}

float iq4_value(uint nibble) { return float(iq4_integer(nibble)); }

void iq4_pairs(uvec4 unit, out uint a[16]) {
    [[unroll]] for (uint m = 0; m < 8; m++) {
        const uint v = first_of_pair(m);
        a[m] = uint(iq4_integer(low_nibble(unit, v)) + iq4_integer(low_nibble(unit, v + 2)) * 65536);
        a[m + 8] = uint(iq4_integer(high_nibble(unit, v)) + iq4_integer(high_nibble(unit, v + 2)) * 65536);
    }
}
