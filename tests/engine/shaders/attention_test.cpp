#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "tests/engine/kernel_families.hpp"

namespace {

using engine::shaders::Kernel;
using engine::shaders::TokenPlace;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

constexpr std::uint32_t kLongest = 600;  // positions of a sequence

struct Shape {
    std::uint32_t heads, kv_heads, head_dim;
};

/// Sequences of `positions` tokens each, whose last `computed` tokens are in the batch, in cache rows in random order.
class Attention {
public:
    Attention(engine::Kernels kernels, const Shape& shape,
              const std::vector<std::pair<std::uint32_t, std::uint32_t>>& sequences)
        : shape_(shape),
          units_((shape.head_dim + 3) / 4),
          device_("", kernels),
          recorder_(device_, {device_.info().subgroup_size, units_,
                              (units_ + device_.info().subgroup_size - 1) / device_.info().subgroup_size}) {
        for (const auto& [positions, computed] : sequences) {
            for (std::uint32_t p = positions - computed; p < positions; ++p)
                tokens_.push_back({.position = p, .table = static_cast<std::uint32_t>(rows_.size())});
            for (std::uint32_t p = 0; p < positions; ++p) rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
        }
        std::shuffle(rows_.begin(), rows_.end(), random_);
    }

    /// The results of the tokens from `first` on, as one batch. [count, heads * head_dim]
    std::vector<float> run(std::size_t first, std::size_t count) {
        const Buffer q = filled(tokens_.size() * shape_.heads, 3);
        const Buffer k = filled(rows_.size() * shape_.kv_heads, 4);
        const Buffer v = filled(rows_.size() * shape_.kv_heads, 5);
        const std::size_t line = std::size_t{shape_.heads} * units_ * 4;
        const Buffer mine(device_, count * line * 4, Texels::Float4);
        std::copy_n(&q.as<float>()[first * line], count * line, mine.as<float>().begin());
        const Buffer tokens(device_, count * 16, Texels::None);
        const std::span<TokenPlace> places = tokens.as<TokenPlace>().first(count);
        std::copy_n(&tokens_[first], count, places.begin());
        const Buffer rows(device_, rows_.size() * 4, Texels::None);
        std::copy(rows_.begin(), rows_.end(), rows.as<std::uint32_t>().begin());
        const std::uint32_t width = shape_.heads * shape_.head_dim;
        const Buffer y(device_, count * width * 4, Texels::None);
        const engine::shaders::AttentionShape heads{shape_.heads, shape_.kv_heads, units_};
        const auto plan = engine::shaders::plan_attention(device_.kernels(), heads, places);
        const engine::shaders::AttentionPush push{.heads = shape_.heads,
                                                  .kv_heads = shape_.kv_heads,
                                                  .head_dim = shape_.head_dim,
                                                  .out_stride = width,
                                                  .scale = 0.125F,
                                                  .tokens = static_cast<std::uint32_t>(count),
                                                  .tile_tokens = plan.tile_tokens,
                                                  .tile_heads = plan.tile_heads,
                                                  .chunks = plan.chunks};
        const bool split = plan.chunks > 1;
        const Buffer chunks(device_,
                            std::max<std::size_t>(16, attention_scratch_bytes(device_.kernels(), heads, kLongest)),
                            Texels::None);
        recorder_.dispatch(plan.kernel, {&mine, &k, &v, &tokens, &rows, split ? &chunks : &y}, push, plan.grid.x,
                           plan.grid.y);
        if (split)
            recorder_.dispatch(Kernel::AttentionCombine, {&chunks, &tokens, &y}, push, shape_.heads, push.tokens);
        splits_ += split;
        alone_ += plan.kernel == Kernel::AttentionOne;
        recorder_.submit_and_wait();
        const std::span<const float> values = y.as<const float>().first(count * width);
        return {values.begin(), values.end()};
    }

    std::vector<double> reference() {
        const Buffer q = filled(tokens_.size() * shape_.heads, 3);
        const Buffer k = filled(rows_.size() * shape_.kv_heads, 4);
        const Buffer v = filled(rows_.size() * shape_.kv_heads, 5);
        std::vector<double> result;
        for (std::size_t t = 0; t < tokens_.size(); ++t) {
            for (std::size_t head = 0; head < shape_.heads; ++head) {
                const std::size_t kv = head / (shape_.heads / shape_.kv_heads);
                const float* mine = &q.as<float>()[(t * shape_.heads + head) * units_ * 4];
                std::vector<double> weights;
                double mass = 0;
                for (std::size_t p = 0; p <= tokens_[t].position; ++p) {
                    const float* key = &k.as<float>()[line(t, p, kv)];
                    double score = 0;
                    for (std::size_t d = 0; d < shape_.head_dim; ++d) score += double{mine[d]} * double{key[d]};
                    weights.push_back(std::exp(score * 0.125));
                    mass += weights.back();
                }
                for (std::size_t d = 0; d < shape_.head_dim; ++d) {
                    double sum = 0;
                    for (std::size_t p = 0; p < weights.size(); ++p)
                        sum += weights[p] * double{v.as<float>()[line(t, p, kv) + d]};
                    result.push_back(sum / mass);
                }
            }
        }
        return result;
    }

    /// Batches so far whose chunks were spread over workgroups.
    int splits() const { return splits_; }
    /// Batches so far whose queries were each alone.
    int alone() const { return alone_; }
    std::size_t tokens() const { return tokens_.size(); }

private:
    std::size_t line(std::size_t token, std::size_t position, std::size_t kv_head) const {
        return (std::size_t{rows_[tokens_[token].table + position]} * shape_.kv_heads + kv_head) * units_ * 4;
    }

    /// The same values for the same seed; zero beyond a head's width.
    Buffer filled(std::size_t heads, std::uint32_t seed) {
        std::mt19937 random(seed);
        Buffer buffer(device_, heads * units_ * 16, Texels::Float4);
        for (std::size_t i = 0; i < heads * units_ * 4; ++i) {
            const float value = static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 1000.0F;
            buffer.as<float>()[i] = i % (std::size_t{units_} * 4) < shape_.head_dim ? value : 0;
        }
        return buffer;
    }

    Shape shape_;
    std::uint32_t units_;
    engine::shaders::Device device_;
    engine::shaders::Recorder recorder_;
    std::mt19937 random_{7};
    std::vector<TokenPlace> tokens_;
    std::vector<std::uint32_t> rows_;
    int splits_ = 0;
    int alone_ = 0;
};

double largest_difference(const std::vector<double>& expected, const std::vector<float>& values) {
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        worst = std::max(worst, std::abs(expected[i] - double{values[i]}));
    return worst;
}

/// The results of all tokens, in batches of 1 to 7.
std::vector<float> in_small_batches(Attention& attention) {
    std::vector<float> results;
    for (std::size_t first = 0, count = 1; first < attention.tokens(); first += count, count = count % 7 + 1) {
        count = std::min(count, attention.tokens() - first);
        const std::vector<float> part = attention.run(first, count);
        results.insert(results.end(), part.begin(), part.end());
    }
    return results;
}

/// Against the reference, and each query with the same bits alone and among others.
void check_shape(engine::Kernels kernels, const Shape& shape) {
    // A prompt over several blocks, the ends of others, one over several chunks, and single tokens.
    Attention attention(kernels, shape,
                        {{70, 70}, {50, 9}, {33, 1}, {257, 1}, {1, 1}, {64, 1}, {kLongest, 3}, {256, 1}});
    const std::vector<float> together = attention.run(0, attention.tokens());
    CHECK(largest_difference(attention.reference(), together) < 2e-6);
    CHECK(in_small_batches(attention) == together);
    CHECK((attention.splits() > 0) == (kernels != engine::Kernels::Software));
    // Where tiles are small (newer Mesa), those of the widest heads have room for one query too.
    constexpr std::uint32_t kWidest = 512;
    if (shape.head_dim < kWidest)
        CHECK((attention.alone() > 0) == (kernels == engine::Kernels::Software && shape.heads == shape.kv_heads));
}

void check_attention(engine::Kernels kernels) {
    for (const Shape& shape :
         {Shape{4, 4, 64}, Shape{6, 1, 18}, Shape{40, 2, 10}, Shape{2, 2, 128}, Shape{4, 2, 200}, Shape{2, 1, 512}}) {
        CAPTURE(shape.heads);
        CAPTURE(shape.kv_heads);
        CAPTURE(shape.head_dim);
        check_shape(kernels, shape);
    }
}

}  // namespace

TEST_SUITE("engine.kernels") {
    TEST_CASE("attention matches a double-precision reference for one head or many of a KV head and for wide heads") {
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Software) check_attention(kernels);
        });
    }

    TEST_CASE("attention of the kernels for GPUs matches a double-precision reference too") {
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Gpu) check_attention(kernels);  // the other kinds have the same
        });
    }
}
