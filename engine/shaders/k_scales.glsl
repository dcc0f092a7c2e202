// The header unit of Q4_K and Q5_K as in the file: half d, half dmin, 12 bytes of 6-bit scales and minima.
// Returns d * scale and dmin * min of block `index` (0 to 7).
vec2 k_scale_and_min(uvec4 head, uint index) {
    const uint shift = 8 * (index & 3);
    const bool first = index < 4;
    const uint scale = first ? head.y >> shift & 63 : (head.w >> shift & 15) | (head.y >> (shift + 6) & 3) << 4;
    const uint least = first ? head.z >> shift & 63 : (head.w >> (shift + 4) & 15) | (head.z >> (shift + 6) & 3) << 4;
    precise const vec2 whole = unpackHalf2x16(head.x) * vec2(float(int(scale)), float(int(least)));
    return whole;
}
