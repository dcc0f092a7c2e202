// End of the kernels for few tokens: kSlices invocations share a row, and each adds the slices for some of the tokens.
shared float sums[kFewTokens * kGpuThreads];

void add_slices(float sum[kFewTokens], uint slice, uint row) {
    const uint local = gl_LocalInvocationID.x;
    [[unroll]] for (uint t = 0; t < kFewTokens; t++) sums[t * kGpuThreads + local] = sum[t];
    barrier();
    if (row >= push.rows) return;
    for (uint t = slice; t < push.tokens; t += kSlices) {
        precise float total = 0.0;
        [[unroll]] for (uint s = 0; s < kSlices; s++) total = total + sums[t * kGpuThreads + s * kFewRows + local % kFewRows];
        store(row, t, total);
    }
}
