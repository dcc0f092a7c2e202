#define PLAIN
uint weight_units(uint blocks) { return blocks * 8; }

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    const uint first = (superblock * 8 + index) * 8;
    [[unroll]] for (uint u = 0; u < 8; u++) {
        const uvec4 unit = unit_at(base, first + u);
        [[unroll]] for (uint c = 0; c < 4; c++) w[u * 4 + c] = uintBitsToFloat(unit[c]);
    }
}
