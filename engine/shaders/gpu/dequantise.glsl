// The weights of a block as floats. A weight has the same bits in every kernel.
void dequantise(uint base, uint blocks, uint block, out float v[32]) {
    vec4 s;
    unpack(base, blocks, block >> 3, block & 7, v, s);
#ifndef PLAIN
    [[unroll]] for (uint i = 0; i < 32; i++) {
        const float scale = (i < 16 ? s.x : s.y) * prescale(i >> 2)[i & 3];
#ifdef MINIMA
        precise const float value = fma(v[i], scale, i < 16 ? s.z : s.w);
#else
        precise const float value = v[i] * scale;
#endif
        v[i] = value;
    }
#endif
}
