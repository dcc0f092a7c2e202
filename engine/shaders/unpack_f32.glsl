uint weight_units(uint blocks) { return blocks * 8; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    [[unroll]] for (uint u = 0; u < 8; u++) {
        const uvec4 unit = imageLoad(weights, int(base + (block * 8 + u) * kLanes));
        [[unroll]] for (uint c = 0; c < 4; c++) w[u * 4 + c] = uintBitsToFloat(unit[c]);
    }
    return 1.0;
}
