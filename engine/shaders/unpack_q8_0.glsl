// A row starts with the scales of all blocks, 8 per unit; then two units of signed bytes per block.
#define PRESCALE_BYTES
uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks * 2; }

uvec4 bytes_of(uint base, uint blocks, uint superblock, uint index, uint half_block) {
    return unit_at(base, scale_units(blocks) + (superblock * 8 + index) * 2 + half_block);
}

void unpack(uint base, uint blocks, uint superblock, uint index, out float w[32], out vec4 s) {
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 unit = bytes_of(base, blocks, superblock, index, u) ^ 0x80808080u;  // 0 to 255
        [[unroll]] for (uint i = 0; i < 4; i++) {
            [[unroll]] for (uint c = 0; c < 4; c++) w[u * 16 + i * 4 + c] = integer_at(c < 2 ? unit[i] : unit[i] >> 16, 255, (c & 1) * 8, 128.0);
        }
    }
    s = vec4(eighth_unit(unit_at(base, superblock), index));
}

#define PRODUCTS 1
void pairs(uint base, uint blocks, uint superblock, uint index, out uint a[16], out vec4 s) {
    [[unroll]] for (uint u = 0; u < 2; u++) {
        const uvec4 unit = bytes_of(base, blocks, superblock, index, u);
        [[unroll]] for (uint i = 0; i < 4; i++) {
            a[u * 8 + i * 2] = ((unit[i] & 0x00FF00FFu) ^ 0x00800080u) - 0x00800080u;
            a[u * 8 + i * 2 + 1] = ((unit[i] >> 8 & 0x00FF00FFu) ^ 0x00800080u) - 0x00800080u;
        }
    }
    s = vec4(eighth_unit(unit_at(base, superblock), index));
}
