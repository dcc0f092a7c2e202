// Converts rows of f32 to 8-bit integers for matmul_fast.comp, per block of 32: d = largest magnitude / 127, q =
// round(x / d). A value depends only on its own block.
//
// A row has 4 units of 16 bytes for the words of each block, then one unit for the head of each block: d, the sums of q
// over the first and the second half, 0. A word has two values as q[v + 2] + q[v] * 65536, in reverse order of the
// weights' pairs, so that the upper half of a product is the sum of two products.
//
// Stores unit `unit` (4 values) of a row whose result begins at unit `to`. Must be called by groups of eight lanes that
// have the units of a block in order.
void store_eight_bits(uint to, uint blocks, uint unit, vec4 v) {
    const uint part = unit & 7;
    const vec4 size = abs(v);
    float top = max(max(size.x, size.y), max(size.z, size.w));
    top = max_of_own_8(top);
    const float inverse = top > 0.0 ? 127.0 / top : 0.0;
    const ivec4 q = ivec4(roundEven(v * inverse));
    y[to * 2 + unit] = uvec2(uint(q.z + q.x * 65536), uint(q.w + q.y * 65536));
    int sum = q.x + q.y + q.z + q.w;
    sum = sum_of_own_4(sum);
    // The first lane stores d and the first half's sum, the fifth lane the second half's sum.
    if ((part & 3) == 0) {
        const uint head = to + blocks * 4 + (unit >> 3);
        y[head * 2 + (part >> 2)] = part == 0 ? uvec2(floatBitsToUint(top / 127.0), uint(sum)) : uvec2(uint(sum), 0u);
    }
}
