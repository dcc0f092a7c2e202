// Pieces that the quantised types share. `base` is the lane's first unit of a row.
uvec4 unit_at(uint base, uint unit) { return imageLoad(weights, int(base + unit * kLanes)); }

// 32 nibbles in one unit: the low one of byte i is value i, the high one value i + 16.
uint low_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3)) & 15; }
uint high_nibble(uvec4 unit, uint i) { return unit[i >> 2] >> (8 * (i & 3) + 4) & 15; }

// Two blocks share a unit of 16 bytes: the half of block `block`.
uvec2 half_unit(uvec4 unit, uint block) { return (block & 1) != 0 ? unit.zw : unit.xy; }

// Four blocks share a unit of 16 bytes: the word of block `block`.
uint quarter_unit(uvec4 unit, uint block) {
    const uvec2 pair = (block & 2) != 0 ? unit.zw : unit.xy;
    return (block & 1) != 0 ? pair.y : pair.x;
}

// Eight blocks share a unit: the half-precision number of block `block`.
float eighth_unit(uvec4 unit, uint block) {
    const uint word = quarter_unit(unit, block >> 1);
    return unpackHalf2x16((block & 1) != 0 ? word >> 16 : word).x;
}

// Sixteen bytes in a unit: the pair of signed bytes of block `block`, of values 0-15 and 16-31.
ivec2 byte_pair(uvec4 unit, uint block) {
    const uint word = quarter_unit(unit, block >> 1);
    const uint pair = (block & 1) != 0 ? word >> 16 : word;
    return ivec2(int(pair << 24) >> 24, int(pair << 16) >> 24);
}

// For integer sums two values of a row stand in one word, as a + b * 65536: pair m holds values v and v + 2, v = first_of_pair(m).
uint first_of_pair(uint m) { return (m >> 1) * 4 + (m & 1); }

// The nibbles of a unit as pairs.
void nibble_pairs(uvec4 unit, out uint a[16]) {
    [[unroll]] for (uint i = 0; i < 4; i++) {
        [[unroll]] for (uint c = 0; c < 2; c++) {
            a[i * 2 + c] = unit[i] >> (8 * c) & 0x000F000Fu;
            a[8 + i * 2 + c] = unit[i] >> (8 * c + 4) & 0x000F000Fu;
        }
    }
}

// Bits v and v + 2 of `bits` at `to` and `to` + 16: the multiplication copies both to both places, the mask keeps the right ones.
uint bit_pair(uint bits, uint m, uint to) {
    return (bits >> first_of_pair(m) & 5) * (1u << to | 1u << (to + 14)) & 0x00010001u << to;
}

// The same for the pairs of bits of two halves of 16 values.
uint two_bit_pair(uvec2 bits, uint m, uint to) {
    const uint half_bits = m < 8 ? bits.x : bits.y;
    return (half_bits >> (2 * (first_of_pair(m) & 15)) & 0x33) * (1u << to | 1u << (to + 12)) & 0x00030003u << to;
}
