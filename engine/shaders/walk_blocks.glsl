// Calls add_block for all blocks of a row in order. For one token eight are one straight body, in which what they share (scales
// in one unit) is loaded once and the loop's own cost is small; for several tokens a block is body enough.
    {
        const uint whole = TOKENS == 1 ? blocks / 8 : 0;
        if (TOKENS == 1) {
            [[dont_unroll]] for (uint superblock = 0; superblock < whole; superblock++) {
                [[unroll]] for (uint index = 0; index < 8; index++) add_block(superblock, index);
            }
        }
        [[dont_unroll]] for (uint block = whole * 8; block < blocks; block++) add_block(block >> 3, block & 7);
    }
