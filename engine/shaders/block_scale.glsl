// Scales of quantised rows stand first: one unit holds the half-precision scales of 8 blocks.
uint scale_units(uint blocks) { return (blocks + 7) / 8; }

float block_scale(uint base, uint block) {
    const uvec4 unit = imageLoad(weights, int(base + (block >> 3) * kLanes));
    const uint word = (block & 4) != 0 ? ((block & 2) != 0 ? unit.w : unit.z) : ((block & 2) != 0 ? unit.y : unit.x);
    return unpackHalf2x16((block & 1) != 0 ? word >> 16 : word).x;
}
