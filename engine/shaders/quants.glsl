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
