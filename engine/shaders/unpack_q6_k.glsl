// Per block of 32 values two units: 16 bytes of low nibbles as in Q4_0; then 8 bytes of high pairs of bits, the two signed
// scales of 16 values each, and the half d. The scales are small integers, so scale * quant is exact.
uint weight_units(uint blocks) { return blocks * 2; }

float unpack(uint base, uint blocks, uint block, out float w[32]) {
    const uvec4 low = imageLoad(weights, int(base + (block * 2) * kLanes));
    const uvec4 high = imageLoad(weights, int(base + (block * 2 + 1) * kLanes));
    const float first = float(int(high.z << 24) >> 24);
    const float second = float(int(high.z << 16) >> 24);
    [[unroll]] for (uint i = 0; i < 16; i++) {
        const uint both = low[i >> 2] >> (8 * (i & 3));
        w[i] = first * (float(int((both & 15) | (high.x >> (2 * i) & 3) << 4)) - 32.0);
        w[i + 16] = second * (float(int((both >> 4 & 15) | (high.y >> (2 * i) & 3) << 4)) - 32.0);
    }
    return unpackHalf2x16(high.z >> 16).x;
}
