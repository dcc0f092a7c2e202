// Adds the blocks of a tile's rows in order, then stores the sums.
void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint first_token = gl_WorkGroupID.x * TOKENS;
    // Read once: inside of loops each of these would be a load per lane.
    blocks = push.blocks;
    const uint rows = push.rows, tokens = push.tokens, y_stride = push.y_stride, y_offset = push.y_offset, accumulate = push.accumulate;
    find_activations(first_token, lane);
    [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
        base[r] = (gl_WorkGroupID.y * kRowGroups + r) * kLanes * weight_units(blocks) + lane;
        [[unroll]] for (uint t = 0; t < TOKENS; t++) total[r][t] = 0.0;
    }
    uint block = 0;
#if TOKENS == 1 && BLOCKS_PER_TURN > 1
    const uint turns = blocks / BLOCKS_PER_TURN;
    [[dont_unroll]] for (uint turn = 0; turn < turns; turn++, block += BLOCKS_PER_TURN) add_blocks(block >> 3, block & 7, lane);
#endif
    [[dont_unroll]] for (; block < blocks; block++) add_block(block >> 3, block & 7);
    // Not unrolled over the tokens: each load and store is some hundred basic blocks on newer software drivers, whose
    // compilation takes quadratic time. The totals move up instead of being indexed, which would put them into memory.
    [[dont_unroll]] for (uint t = 0; t < TOKENS; t++) {
        const uint token = first_token + t;
        [[unroll]] for (uint r = 0; r < kRowGroups; r++) {
            const uint row = (gl_WorkGroupID.y * kRowGroups + r) * kLanes + lane;
            if (row < rows && token < tokens) {
                const uint at = token * y_stride + y_offset + row;
                y[at] = accumulate != 0 ? y[at] + total[r][0] : total[r][0];
            }
            [[unroll]] for (uint next = 1; next < TOKENS; next++) total[r][next - 1] = total[r][next];
        }
    }
}
