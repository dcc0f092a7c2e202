// Work of one workgroup of the kernels for GPUs, read by GLSL and C++.
// kSlices, kAttentionChunk and kAttentionPositions fix the order of additions and so are part of the numerics. The
// others only divide the work.

const uint kGpuThreads = 256;  // invocations of a workgroup

// A row of weights is cut into kSlices slices of consecutive blocks. Each is summed separately, then the sums are added
// in order.
const uint kSlices = 8;

// Matrix kernels for up to kFewTokens tokens: an invocation computes one slice of one row for all tokens.
const uint kFewRows = kGpuThreads / kSlices;
const uint kFewTokens = 8;

// Matrix kernels for many tokens: an invocation computes 2 x 4 rows x 4 tokens of the tile.
const uint kTileRows = 128;
const uint kTileTokens = 64;

// The same with 8-bit activations: an invocation computes 4 rows x 4 tokens of the tile.
const uint kDotRows = 64;
const uint kDotTokens = 64;
const uint kDotBlocks = kGpuThreads / kDotRows;  // blocks unpacked at a time

// Kernels for matrix units: a matrix is 16 x 16, a workgroup has kMatrixSubgroups subgroups.
const uint kMatrixSide = 16;
const uint kMatrixSubgroups = 8;  // each computes a slice for few tokens, 2 x 4 matrices of the tile for many
const uint kMatrixRows = 128;
const uint kMatrixTokens = 128;
const uint kMatrixFewTokens = 16;

// Attention: a token's positions are cut into chunks, which are summed separately and combined in order. Queries are
// the heads of one KV head for one or several tokens.
const uint kAttentionChunk = 256;  // positions
const uint kAttentionThreads = 128;
const uint kAttentionQueries = 16;    // queries of a workgroup, for heads of up to 128 values
const uint kAttentionPositions = 32;  // positions of a block, for heads of up to 128 values
const uint kAttentionUnits = 32;      // vec4 of such a head
