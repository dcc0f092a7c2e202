uint weight_units(uint blocks) { return blocks * 4; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    [[unroll]] for (uint u = 0; u < 4; u++) {
        const uvec4 unit = imageLoad(weights, int(base + (block * 4 + u) * kLanes));
        [[unroll]] for (uint c = 0; c < 4; c++) {
            w[u * 8 + c * 2] = uintBitsToFloat(unit[c] << 16);
            w[u * 8 + c * 2 + 1] = uintBitsToFloat(unit[c] & 0xFFFF0000u);
        }
    }
    return 1.0;
}
