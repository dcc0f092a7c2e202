// Shapes of the work of one workgroup of the kernels for GPUs, read by GLSL and C++ alike.
// kSlices, kAttentionChunk and kAttentionPositions are part of the numerics: they fix the order of additions. The
// others only share out the work.

const uint kGpuThreads = 256;  // invocations of a workgroup

// A row of weights is cut into kSlices runs of blocks. Each is summed by itself, then the sums are added in order.
const uint kSlices = 8;

// Matrix kernels for up to kFewTokens tokens: an invocation has one row and one slice for all of them.
const uint kFewRows = kGpuThreads / kSlices;
const uint kFewTokens = 8;

// Matrix kernels for many tokens: an invocation has 2 x 4 rows and 4 tokens of the tile.
const uint kTileRows = 128;
const uint kTileTokens = 64;

// The same with 8-bit activations: an invocation has 4 rows and 4 tokens of the tile.
const uint kDotRows = 64;
const uint kDotTokens = 64;
const uint kDotBlocks = kGpuThreads / kDotRows;  // unpacked at a time

// Kernels for matrix units: a matrix is 16 x 16, a workgroup kMatrixSubgroups subgroups.
const uint kMatrixSide = 16;
const uint kMatrixSubgroups = 8;  // for few tokens a slice each, for many 2 x 4 matrices of the tile each
const uint kMatrixRows = 128;
const uint kMatrixTokens = 128;
const uint kMatrixFewTokens = 16;

// Attention: a token's positions are cut into chunks, which are summed apart and put together in order. Queries are the
// heads of one KV head for one or several tokens.
const uint kAttentionChunk = 256;  // positions
const uint kAttentionThreads = 128;
const uint kAttentionQueries = 16;    // of a workgroup, for heads of up to 128 values
const uint kAttentionPositions = 32;  // of a block, for heads of up to 128 values
const uint kAttentionUnits = 32;      // vec4 of such a head
