// Shared by the weight types. `base` is the lane's first unit of a row.
#ifdef WEIGHTS_IN_STORAGE
uvec4 unit_at(uint base, uint unit) { return weights[base + unit * kLanes]; }
#else
uvec4 unit_at(uint base, uint unit) { return imageLoad(weights, texel(base + unit * kLanes)); }
#endif

// If two blocks share a unit of 16 bytes: the half of block `block`.
uvec2 half_unit(uvec4 unit, uint block) { return (block & 1) != 0 ? unit.zw : unit.xy; }

// If four blocks share a unit: the word of block `block`.
uint quarter_unit(uvec4 unit, uint block) {
    const uvec2 pair = (block & 2) != 0 ? unit.zw : unit.xy;
    return (block & 1) != 0 ? pair.y : pair.x;
}

// If eight blocks share a unit: the f16 number of block `block`.
float eighth_unit(uvec4 unit, uint block) {
    const uint word = quarter_unit(unit, block >> 1);
    return unpackHalf2x16((block & 1) != 0 ? word >> 16 : word).x;
}

// For units of sixteen signed bytes: the two bytes of block `block`, for values 0-15 and 16-31.
ivec2 byte_pair(uvec4 unit, uint block) {
    const uint word = quarter_unit(unit, block >> 1);
    const uint pair = (block & 1) != 0 ? word >> 16 : word;
    return ivec2(int(pair << 24) >> 24, int(pair << 16) >> 24);
}

// (integer in the bits `mask` << `place` of the word - `offset`) * 2^place. The bits become the low bits of the
// mantissa of 2^23, which is then subtracted exactly: no shift and no conversion. Requires mask << place < 2^23.
float integer_at(uint word, uint mask, uint place, float offset) {
    return uintBitsToFloat((word & mask << place) | 0x4B000000u) - (8388608.0 + offset * float(1u << place));
}

// One bit of each of 32 quants, at the places of nibbles (nibble_places.glsl): bit 4p + i of the word belongs to place
// p of word i. Bits between the places are not cleared.
uvec4 one_bit_words(uint bits) { return uvec4(bits, bits >> 1, bits >> 2, bits >> 3); }

// Two bits of each quant: bits 4p + 2 (i & 1) of word i / 2 belong to place p of word i.
uvec4 two_bit_words(uvec2 bits) { return uvec4(bits.x, bits.x >> 2, bits.y, bits.y >> 2); }
