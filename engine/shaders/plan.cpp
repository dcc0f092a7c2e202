#include "engine/shaders/plan.hpp"

#include <algorithm>
#include <vector>

#include "engine/base/ceil_div.hpp"

namespace engine::shaders {
namespace {

using base::ceil_div;

constexpr std::uint32_t kTokensPerRun = 4;  // from this average run length on, tokens share their reads of the cache
constexpr std::uint32_t kSplitTokens =
    16;  // up to this many tokens, chunks of the cache are distributed over workgroups

// For software devices: average queries per tile below which tiles do not pay, and distance between the tiles of
// consecutive workgroups.
constexpr std::uint32_t kQueriesWorthATile = 2;
constexpr std::size_t kTileStride = 16;

/// Properties of a batch that decide how a GPU divides the attention.
struct AttentionLoad {
    std::uint32_t tokens = 0;
    std::uint32_t runs = 0;     // runs of neighbouring tokens that share a table of cache rows
    std::uint32_t longest = 0;  // most positions of any token
};

/// Cuts the runs of tokens that share a table into tiles of at most `most` tokens. Returns the number of tiles.
std::uint32_t cut_tiles(std::span<TokenPlace> tokens, std::uint32_t most) {
    std::vector<std::uint32_t> tiles;
    for (std::uint32_t first = 0, end = 0; first < tokens.size(); first = end) {
        while (end < tokens.size() && end - first < most && tokens[end].table == tokens[first].table) ++end;
        tiles.push_back(first * kTileCount + (end - first));
    }
    // A software device gives each thread a run of consecutive workgroups. Later tiles of a prompt have more positions,
    // so tiles are interleaved to give every run some of each.
    std::size_t place = 0;
    for (std::size_t first = 0; first < kTileStride; ++first)
        for (std::size_t tile = first; tile < tiles.size(); tile += kTileStride) tokens[place++].tile = tiles[tile];
    return static_cast<std::uint32_t>(tiles.size());
}

AttentionPlan plan_software_attention(const KernelFamily& family, const AttentionShape& shape,
                                      std::span<TokenPlace> tokens) {
    const std::uint32_t parts = family.broadcasts ? kBroadcastParts : 1;
    const std::uint32_t queries = std::clamp(kTileWork / parts / shape.head_units, 1U, kTileQueries / parts);
    const std::uint32_t group = shape.heads / shape.kv_heads;
    AttentionPlan plan;
    plan.tile_heads = std::min(group, queries);
    plan.tile_tokens = queries / plan.tile_heads;
    std::uint32_t tiles = cut_tiles(tokens, plan.tile_tokens);
    // If most queries of the tiles would be missing, workgroups of one query are faster.
    if (tokens.size() * plan.tile_heads < std::size_t{tiles} * kQueriesWorthATile) {
        plan.kernel = Kernel::AttentionOne;
        plan.tile_heads = plan.tile_tokens = 1;
        tiles = cut_tiles(tokens, 1);
    }
    plan.grid = {shape.kv_heads * ceil_div(group, plan.tile_heads), tiles};
    return plan;
}

/// What one workgroup of a matrix kernel computes.
struct MatmulTile {
    TokenTile tile;
    std::uint32_t tokens;
    std::uint32_t rows;
};

MatmulTile software_tile(FastArithmetic arithmetic, bool broadcasts, const MatmulShape& shape) {
    // The kernel for one token is bound by loads, not arithmetic, and that for many computes whole tiles.
    if (shape.tokens <= kTokensFew) return {TokenTile::Few, 1, shape.lanes * kRowGroupsOne};
    const std::uint32_t rows = shape.lanes * kRowGroupsMany;
    // More tokens share the loading and unpacking of weights. Drivers that read lanes by broadcasts compile large
    // kernels slowly, so they get this tile only for F32, whose loads cost more than its arithmetic.
    if (shape.tokens > kTokensMany && (!broadcasts || shape.type == formats::TensorType::F32) &&
        find_matmul(Family::Software, shape.type, arithmetic, TokenTile::Wide) != nullptr)
        return {TokenTile::Wide, kTokensWide, rows};
    return {TokenTile::Many, kTokensMany, rows};
}

MatmulTile gpu_tile(FastArithmetic arithmetic, std::uint32_t tokens) {
    if (is_matrix(arithmetic)) {
        if (tokens <= kMatrixFewTokens) return {TokenTile::Few, kMatrixFewTokens, kMatrixSide};
        return {TokenTile::Many, kMatrixTokens, kMatrixRows};
    }
    if (tokens <= kFewTokens) return {TokenTile::Few, kFewTokens, kFewRows};
    if (arithmetic == FastArithmetic::Dot) return {TokenTile::Many, kDotTokens, kDotRows};
    return {TokenTile::Many, kTileTokens, kTileRows};
}

}  // namespace

MatmulPlan plan_matmul(const KernelFamily& family, Numerics numerics, const MatmulShape& shape) {
    const FastArithmetic arithmetic = arithmetic_for(family, numerics, shape.type);
    const MatmulTile tile = family.family == Family::Software ? software_tile(arithmetic, family.broadcasts, shape)
                                                              : gpu_tile(arithmetic, shape.tokens);
    return {.program = find_matmul(family.family, shape.type, arithmetic, tile.tile),
            .reads_8_bits = reads_8_bits(arithmetic),
            .grid = {ceil_div(shape.tokens, tile.tokens), ceil_div(shape.rows, tile.rows)}};
}

AttentionPlan plan_attention(const KernelFamily& family, const AttentionShape& shape, std::span<TokenPlace> tokens) {
    if (family.family == Family::Software) return plan_software_attention(family, shape, tokens);
    AttentionPlan plan;
    AttentionLoad load{.tokens = static_cast<std::uint32_t>(tokens.size())};
    for (std::size_t t = 0; t < tokens.size(); ++t) {
        load.runs += t == 0 || tokens[t].table != tokens[t - 1].table;
        load.longest = std::max(load.longest, tokens[t].position + 1);
    }
    const std::uint32_t queries = kAttentionQueries / ceil_div(shape.head_units, kAttentionUnits);
    const std::uint32_t group = shape.heads / shape.kv_heads;
    const std::uint32_t heads_each = std::min(group, queries);
    // Sequences with one token each share no reads; separate workgroups use more of the device. For few tokens, chunks
    // do.
    if (load.tokens / load.runs >= kTokensPerRun)
        plan.tile_tokens = queries / heads_each;
    else if (load.tokens <= kSplitTokens)
        plan.chunks = ceil_div(load.longest, kAttentionChunk);
    // Split only for few tokens, when the grid would leave most of the device idle.
    if (plan.chunks > 1) plan.kernel = Kernel::AttentionSplit;
    plan.grid = {shape.kv_heads * ceil_div(group, heads_each) * plan.chunks, ceil_div(load.tokens, plan.tile_tokens)};
    return plan;
}

std::size_t attention_scratch_bytes(const KernelFamily& family, const AttentionShape& shape, std::uint32_t context) {
    if (family.family == Family::Software || context <= kAttentionChunk) return 0;
    return std::size_t{kSplitTokens} * shape.heads * ceil_div(context, kAttentionChunk) * (shape.head_units + 1) * 16;
}

std::uint32_t ceiling_width(const KernelFamily& family, std::uint32_t lanes) {
    return family.family == Family::Gpu ? kGpuThreads : lanes;
}

bool can_draw(const KernelFamily& family, std::uint32_t vocab, std::uint32_t lanes) {
    constexpr std::uint64_t kMostTurns = 65534;  // limit of llvmpipe for the iterations of all loops of a kernel
    const std::uint64_t values_per_turn = std::uint64_t{lanes} * kDrawUnits * 4;
    const std::uint64_t turns = (vocab + values_per_turn - 1) / values_per_turn;
    return family.family == Family::Gpu || turns * kDrawPasses <= kMostTurns;
}

}  // namespace engine::shaders
