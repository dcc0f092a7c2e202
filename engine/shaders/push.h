// Push constants, read by GLSL and C++ alike: scalars of 4 bytes only.

// Weight rows of a workgroup, in multiples of the subgroup's lanes: for several tokens, and for one. With one token
// more rows are more streams from memory at a time.
const uint kRowGroupsMany = 4;
const uint kRowGroupsOne = 4;

struct MatmulPush {
    uint blocks;  // blocks of 32 values in a padded row
    uint rows;    // of the weight matrix
    uint tokens;
    uint y_stride;    // floats from one row of y to the next
    uint y_offset;    // of the first weight row's value in a row of y
    uint accumulate;  // 1: y += W x
};

struct QuantisePush {
    uint blocks;  // of a row
};

struct NormPush {
    uint units;  // vec4 of a padded row
    uint width;  // values of a row
    float epsilon;
};

struct RopePush {
    uint heads;
    uint kv_heads;
    uint head_dim;
    uint stride;    // floats from one token's q, k and v to the next
    uint k_offset;  // floats from q to k
    uint v_offset;
};

// Attention on software devices. kTilePositions, a block of the cache, is part of the numerics; the others share out
// the work: a workgroup has up to kTileQueries queries (heads of tokens), and fewer of wide heads, which would make too
// much code. The fourth word of token i is that of tile i: its first token * kTileCount + its tokens.
const uint kTilePositions = 32;
const uint kTileQueries = 16;
const uint kTileWork = 256;  // queries * vec4 of a head
const uint kTileCount = 64;

struct AttentionPush {
    uint heads;
    uint kv_heads;
    uint head_dim;
    uint out_stride;  // floats
    float scale;      // 1 / sqrt(head_dim)
    uint tokens;
    uint tile_tokens;  // of one workgroup, at most
    uint tile_heads;   // of each of its tokens; the kernels for GPUs choose themselves
    uint chunks;       // of positions, apart in AttentionSplit; 1 elsewhere
};

struct SiluPush {
    uint units;      // vec4 of a row of results
    uint stride;     // vec4 from one token's gate and up to the next
    uint up_offset;  // vec4 from gate to up
};

struct BiasPush {
    uint units;   // vec4 of the bias
    uint stride;  // vec4 from one token's results to the next
};

struct CeilingPush {
    uint steps;  // turns of each workgroup's loop
};

struct LogitsPush {
    uint vocab;
    uint count;   // rows, or pairs to gather, or draws
    uint stride;  // floats from one row of logits to the next, a multiple of 4
};

// What draw.comp is asked for. top_k 0: no limit.
struct DrawRequest {
    uint row;                   // of logits
    float inverse_temperature;  // finite
    float top_p;
    uint top_k;
    float share;  // of the kept mass, from 0 to less than 1
};
// A row is walked kDrawPasses times at most: three searches of 16 passes, one of 10 for an id below 2^20, and 14
// single ones.
const uint kDrawUnits = 16;  // vec4 that a lane of a software device takes in a turn of its loop
const uint kDrawPasses = 72;
