// The parts of Forward that use logits: scores of tokens, statistics of rows of logits, sampled tokens.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "engine/base/ceil_div.hpp"
#include "engine/llama/forward.hpp"
#include "engine/llama/forward_parts.hpp"

namespace engine::llama {

using base::ceil_div;
using shaders::Kernel;
using vulkan::Buffer;

void fail_for_numbers() {
    throw EngineError(EngineError::Kind::Device,
                      "the network's results are not finite numbers: the model file has infinite or NaN weights, or "
                      "activations overflow");
}

namespace {

/// Throws EngineError (Device) when a row of logits has no softmax. `statistics`: of several rows, as written by
/// LogitStatistics.
void check_numbers(std::span<const float> statistics) {
    for (std::size_t at = 0; at < statistics.size(); at += 4)
        if (!std::isfinite(statistics[at]) || !std::isfinite(statistics[at + 1])) fail_for_numbers();
}

}  // namespace

/// Only for the requested tokens, because the output matrix is the model's largest.
void Forward::compute_logits(std::span<const std::uint32_t> tokens) {
    assert(tokens.size() <= plan_.logit_rows);
    recorder_.discard();
    std::copy(tokens.begin(), tokens.end(), recorder_.input<std::uint32_t>(wanted_rows_, tokens.size()).begin());
    const auto count = static_cast<std::uint32_t>(tokens.size());
    const Buffer& last = activations(weights_.output, normed_);
    // The norm also gathers the requested rows.
    normalise(weights_.output_norm, wanted_rows_, last, count);
    multiply(weights_.output, last, logits_, count, logit_stride(shape_), Into::Empty);
    recorder_.dispatch(Kernel::LogitStatistics, {&logits_, &statistics_}, logits_push(count), count);
}

shaders::LogitsPush Forward::logits_push(std::size_t count) const {
    return {.vocab = shape_.vocab, .count = static_cast<std::uint32_t>(count), .stride = logit_stride(shape_)};
}

std::vector<TokenScore> Forward::score(std::span<const Target> targets) {
    std::vector<TokenScore> scores;
    scores.reserve(targets.size());
    while (!targets.empty()) {
        std::vector<std::uint32_t> rows;
        std::vector<std::uint32_t> pairs;
        std::size_t used = 0;
        for (; used < targets.size() && used < kMaxPairs; ++used) {
            // Targets are in ascending order of token, so that the logits of a token are computed once.
            if (rows.empty() || rows.back() != targets[used].token) {
                if (rows.size() == plan_.logit_rows) break;
                rows.push_back(targets[used].token);
            }
            pairs.push_back(static_cast<std::uint32_t>(rows.size() - 1));
            pairs.push_back(static_cast<std::uint32_t>(targets[used].id));
        }
        compute_logits(rows);
        std::copy(pairs.begin(), pairs.end(), recorder_.input<std::uint32_t>(pairs_, pairs.size()).begin());
        recorder_.dispatch(Kernel::Gather, {&logits_, &pairs_, &gathered_}, logits_push(used),
                           ceil_div(static_cast<std::uint32_t>(used), device_.info().subgroup_size));
        const std::span<const float> statistics = recorder_.output<float>(statistics_, rows.size() * 4);
        const std::span<const float> values = recorder_.output<float>(gathered_, used);
        submit();
        check_numbers(statistics);
        for (std::size_t i = 0; i < used; ++i) {
            const std::size_t row = std::size_t{pairs[i * 2]} * 4;
            // The logarithm is taken on the host in f64: devices' log is off by up to 6e-5 near 1.
            const double logprob = double{values[i]} - double{statistics[row]} - std::log(double{statistics[row + 1]});
            // The kernel stores the integer in the bits of a float.
            const auto argmax = std::bit_cast<std::uint32_t>(statistics[row + 2]);
            scores.push_back({targets[i].id, logprob, argmax == static_cast<std::uint32_t>(targets[i].id)});
        }
        targets = targets.subspan(used);
    }
    return scores;
}

void Forward::logits(std::span<const std::uint32_t> tokens, const TakeRow& take) {
    const std::size_t stride = logit_stride(shape_);
    for (std::size_t first = 0; first < tokens.size();) {
        const std::size_t count = std::min<std::size_t>(tokens.size() - first, plan_.logit_rows);
        compute_logits(tokens.subspan(first, count));
        const std::span<const float> rows = recorder_.output<float>(logits_, count * stride);
        const std::span<const float> statistics = recorder_.output<float>(statistics_, count * 4);
        submit();
        check_numbers(statistics);
        for (std::size_t row = 0; row < count; ++row) take(first + row, rows.subspan(row * stride, shape_.vocab));
        first += count;
    }
}

std::vector<RowStatistics> Forward::statistics(std::span<const std::uint32_t> tokens) {
    std::vector<RowStatistics> result;
    while (!tokens.empty()) {
        const std::size_t count = std::min<std::size_t>(tokens.size(), plan_.logit_rows);
        compute_logits(tokens.first(count));
        const std::span<const float> rows = recorder_.output<float>(statistics_, count * 4);
        submit();
        check_numbers(rows);
        for (std::size_t i = 0; i < count; ++i) {
            result.push_back(
                {rows[i * 4], rows[i * 4 + 1], static_cast<TokenId>(std::bit_cast<std::uint32_t>(rows[i * 4 + 2]))});
        }
        tokens = tokens.subspan(count);
    }
    return result;
}

std::vector<TokenId> Forward::draw(std::span<const Draw> draws) {
    // Checked here and not when the model is opened, since greedy generation and scoring do not sample.
    if (!shaders::can_draw(device_.kernels(), shape_.vocab, device_.info().subgroup_size))
        throw EngineError(EngineError::Kind::Device,
                          fmt::format("{} cannot sample from a vocabulary of {} tokens; use --temperature 0 for greedy "
                                      "generation",
                                      device_.info().name, shape_.vocab));
    std::vector<TokenId> ids;
    ids.reserve(draws.size());
    while (!draws.empty()) {
        std::vector<std::uint32_t> rows;
        std::vector<shaders::DrawRequest> requests;
        while (requests.size() < std::min<std::size_t>(draws.size(), kMaxDraws)) {
            const Draw& draw = draws[requests.size()];
            if (rows.empty() || rows.back() != draw.token) {
                if (rows.size() == plan_.logit_rows) break;
                rows.push_back(draw.token);
            }
            // Finite, because at the largest logit 0 * inverse must be 0.
            const float inverse = std::min(1 / draw.temperature, 1e30F);
            requests.push_back({.row = static_cast<std::uint32_t>(rows.size() - 1),
                                .inverse_temperature = inverse,
                                .top_p = draw.top_p,
                                .top_k = draw.top_k,
                                .share = draw.share});
        }
        compute_logits(rows);
        std::copy(requests.begin(), requests.end(),
                  recorder_.input<shaders::DrawRequest>(draws_, requests.size()).begin());
        recorder_.dispatch(Kernel::Draw, {&logits_, &statistics_, &draws_, &drawn_}, logits_push(requests.size()),
                           static_cast<std::uint32_t>(requests.size()));
        const std::span<const float> statistics = recorder_.output<float>(statistics_, rows.size() * 4);
        const std::span<const std::uint32_t> drawn = recorder_.output<std::uint32_t>(drawn_, requests.size());
        submit();
        check_numbers(statistics);
        for (const std::uint32_t id : drawn) {
            // The kernel finds no token when a logit is not a number.
            if (id >= shape_.vocab) fail_for_numbers();
            ids.push_back(static_cast<TokenId>(id));
        }
        draws = draws.subspan(requests.size());
    }
    return ids;
}

}  // namespace engine::llama
