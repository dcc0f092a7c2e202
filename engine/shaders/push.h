// Push constants, read by GLSL and C++: only scalars of 4 bytes.

// Weight rows of a workgroup, in multiples of the subgroup's lanes, for several tokens and for one. For one token, more
// rows give more concurrent streams from memory.
const uint kRowGroupsMany = 4;
const uint kRowGroupsOne = 4;

struct MatmulPush {
    uint blocks;  // blocks of 32 values in a padded row
    uint rows;    // rows of the weight matrix
    uint tokens;
    uint y_stride;    // floats from one row of y to the next
    uint y_offset;    // place of the first weight row's result in a row of y
    uint accumulate;  // 1: y += W x
};

struct QuantisePush {
    uint blocks;  // blocks of a row
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

// Attention on software devices. kTilePositions, the size of a block of positions, is part of the numerics; the others
// only divide the work. A workgroup has up to kTileQueries queries (heads of tokens), fewer for wide heads, whose code
// would become too large. The fourth word of token i describes tile i: its first token * kTileCount + its number of
// tokens.
const uint kTilePositions = 32;
const uint kTileQueries = 16;
const uint kTileWork = 256;      // max queries * vec4 of a head
const uint kBroadcastParts = 2;  // where kBroadcasts: tiles are smaller by this factor, as compilation takes longer
const uint kTileCount = 64;

struct AttentionPush {
    uint heads;
    uint kv_heads;
    uint head_dim;
    uint out_stride;  // floats
    float scale;      // 1 / sqrt(head_dim)
    uint tokens;
    uint tile_tokens;  // max tokens of a workgroup
    uint tile_heads;   // max heads of each of these tokens; not used by the kernels for GPUs
    uint chunks;       // chunks of positions of AttentionSplit; else 1
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
    uint steps;  // iterations of each workgroup's loop
};

struct LogitsPush {
    uint vocab;
    uint count;   // rows, or pairs to gather, or draws
    uint stride;  // floats from one row of logits to the next, a multiple of 4
};

// A token to sample with draw.comp. top_k 0: no limit.
struct DrawRequest {
    uint row;                   // row of logits
    float inverse_temperature;  // finite
    float top_p;
    uint top_k;
    float share;  // share of the kept mass, in [0, 1)
};
// A row is read at most kDrawPasses times: three searches of 16 passes, one of 10 for an id below 2^20, and 14 single
// ones.
const uint kDrawUnits = 16;  // vec4 per lane and loop iteration on a software device
const uint kDrawPasses = 72;
