#define PLAIN
uint weight_units(uint blocks) { return blocks * 4; }

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    const uint first = (superblock * 8 + index) * 4;
    [[unroll]] for (uint u = 0; u < 4; u++) {
        const uvec4 unit = unit_at(base, first + u);
        [[unroll]] for (uint c = 0; c < 4; c++) {
            w[u * 8 + c * 2] = uintBitsToFloat(unit[c] << 16);
            w[u * 8 + c * 2 + 1] = uintBitsToFloat(unit[c] & 0xFFFF0000u);
        }
    }
}
