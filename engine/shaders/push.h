// Push constants, read by GLSL and C++ alike: scalars of 4 bytes only.

struct MatmulPush {
    uint blocks;      // blocks of 32 values in a padded row
    uint rows;        // of the weight matrix
    uint tokens;
    uint x_units;     // vec4 from one row of x to the next
    uint y_stride;    // floats from one row of y to the next
    uint accumulate;  // 1: y += W x
};

struct NormPush {
    uint units;      // vec4 of a padded row
    uint width;      // values of a row
    float epsilon;
};

struct RopePush {
    uint heads;
    uint kv_heads;
    uint head_dim;
    uint tokens;
};

struct AttentionPush {
    uint heads;
    uint kv_heads;
    uint head_dim;
    uint out_stride;  // floats
    float scale;      // 1 / sqrt(head_dim)
};

struct SiluPush {
    uint width;       // values of a row
    uint out_stride;  // floats
};

struct CeilingPush {
    uint steps;  // turns of each workgroup's loop
};

struct LogitsPush {
    uint vocab;
    uint count;  // rows, or pairs to gather
};
