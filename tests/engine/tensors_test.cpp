// Tests which tensors of a file are used, and that all others are refused.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "engine/memory_use.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/reference_network.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/engine/small_model.hpp"

namespace {

using engine::TokenId;
using gguf_test::TemporaryFile;
using Ids = std::vector<TokenId>;

constexpr double kLogProbabilityTolerance = 2e-5;

std::vector<double> scored(const std::string& path, const Ids& context, const Ids& continuation,
                           const engine::EngineOptions& options) {
    const engine::ScoreRequest request{context, continuation};
    const engine::ScoreResult result = engine::open_model(path, options)->score({&request, 1}).at(0);
    std::vector<double> values;
    for (const engine::TokenScore& token : result.tokens) values.push_back(token.logprob);
    return values;
}

void check_near(const std::vector<double>& values, const std::vector<double>& expected) {
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(std::abs(values[i] - expected[i]) < kLogProbabilityTolerance);
}

Ids some_ids() {
    Ids ids = {1};
    for (TokenId i = 1; i < 40; ++i) ids.push_back(3 + i * 37 % 260);
    return ids;
}

/// Whole-context scores of a small model, with each kind of kernels, against the double-precision network.
void check_against_reference(const std::string& path, double position_scale = 1) {
    const Ids ids = some_ids();
    ReferenceNetwork network(path, {SmallModel::kDim, SmallModel::kHeads, SmallModel::kKvHeads, SmallModel::kFfn,
                                    SmallModel::kLayers, position_scale});
    const std::vector<double> expected = network.logprobs(ids);
    kernel_families::for_each([&](engine::Kernels kernels) {
        engine::EngineOptions options;
        options.kernels = kernels;
        check_near(scored(path, {ids[0]}, {ids.begin() + 1, ids.end()}, options), expected);
    });
}

std::string refusal(const std::string& path) {
    try {
        engine::plan_memory(path, {});
        return "";
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Input);
        return error.what();
    }
}

}  // namespace

TEST_SUITE("engine.tensors") {
    TEST_CASE("biases and frequency factors and a linear factor without a type have the published values") {
        struct Case {
            const char* file;
            std::vector<double> expected;
        };
        // From cases/expected-logprobs.json: float64, with the extra tensors or the factor applied.
        const Case cases[] = {
            {"01-tensors-ignored/plain.gguf", {-7.940371, -7.639037, -7.6408, -6.805393}},
            {"01-tensors-ignored/attention_bias.gguf", {-6.635897, -7.46683, -8.433414, -7.676234}},
            {"01-tensors-ignored/frequency_factors.gguf", {-7.982545, -8.404246, -7.67483, -7.149677}},
            {"01-tensors-ignored/feed_forward_bias.gguf", {-6.922173, -6.530757, -6.775319, -5.894295}},
            {"02-scaling-factor-alone/factor4.gguf", {-8.353839, -8.839738, -7.76199, -7.198246}}};
        for (const Case& one : cases) {
            const auto path = shared_data(std::string("cases/") + one.file);
            if (!path) return;
            CAPTURE(std::string(one.file));
            kernel_families::for_each([&](engine::Kernels kernels) {
                engine::EngineOptions options;
                options.kernels = kernels;
                check_near(scored(path->string(), {1, 259, 260, 261, 270, 280, 275, 262, 263, 264, 265, 266},
                                  {267, 268, 285, 271}, options),
                           one.expected);
            });
        }
    }

    TEST_CASE("a query norm is refused by name") {
        if (const auto path = shared_data("cases/01-tensors-ignored/query_norm.gguf"))
            CHECK(refusal(path->string()).find("blk.0.attn_q_norm.weight") != std::string::npos);
    }

    TEST_CASE("biases on any of the matrices agree with a network in double precision") {
        const std::vector<std::vector<const char*>> sets = {
            {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"},
            {"attn_k"},
            {"attn_v", "ffn_up"},
            {"attn_output"},
            {"ffn_gate", "ffn_down"}};
        for (const auto& set : sets) {
            CAPTURE(set.size());
            SmallModel model;
            for (const std::string name : set) {
                const std::uint32_t size = name == "attn_k" || name == "attn_v"
                                               ? SmallModel::kHeadDim * SmallModel::kKvHeads
                                           : name == "ffn_gate" || name == "ffn_up" ? SmallModel::kFfn
                                                                                    : SmallModel::kDim;
                // Only one layer for small sets, to see that the other one is not changed.
                model.vector("blk.1." + name + ".bias", size, 0.2F);
                if (set.size() > 2) model.vector("blk.0." + name + ".bias", size, -0.1F);
            }
            check_against_reference(TemporaryFile(model.writer.str()).path());
        }
    }

    TEST_CASE("frequency factors together with linear scaling agree with a network in double precision") {
        SmallModel model;
        model.tensor("rope_freqs.weight", {4}, {1, 1.5F, 4, 8});
        model.writer.key("llama.rope.scaling.factor", 6, 2.5F).key_text("llama.rope.scaling.type", "linear");
        check_against_reference(TemporaryFile(model.writer.str()).path(), 1 / 2.5);
    }

    TEST_CASE("biases of zero and factors of one give the bits of a file without them") {
        const Ids ids = some_ids();
        const TemporaryFile plain(SmallModel().writer.str());
        SmallModel model;
        model.tensor("blk.0.attn_q.bias", {48}, std::vector<float>(48));
        model.tensor("blk.1.ffn_down.bias", {48}, std::vector<float>(48));
        model.tensor("rope_freqs.weight", {4}, {1, 1, 1, 1});
        const TemporaryFile with(model.writer.str());
        for (const engine::Numerics numerics : {engine::Numerics::Exact, engine::Numerics::Fast}) {
            engine::EngineOptions options;
            options.kernels = engine::Kernels::Software;
            options.numerics = numerics;
            CHECK(scored(with.path(), {ids[0]}, {ids.begin() + 1, ids.end()}, options) ==
                  scored(plain.path(), {ids[0]}, {ids.begin() + 1, ids.end()}, options));
        }
    }

    TEST_CASE("with biases a score has the same bits alone and in a batch") {
        SmallModel model;
        model.vector("blk.0.attn_q.bias", 48, 0.5F);
        model.vector("blk.1.ffn_up.bias", 72, 0.5F);
        const TemporaryFile file(model.writer.str());
        std::vector<engine::ScoreRequest> requests;
        requests.reserve(9);
        for (TokenId i = 0; i < 9; ++i) requests.push_back({{1, 260, 3 + i, 261}, {262, 20 + i}});
        kernel_families::for_each([&](engine::Kernels kernels) {
            engine::EngineOptions options;
            options.kernels = kernels;
            const auto opened = engine::open_model(file.path(), options);
            const auto together = opened->score(requests);
            for (std::size_t i = 0; i < requests.size(); ++i)
                CHECK(opened->score({&requests[i], 1}).at(0).logprob() == together[i].logprob());
        });
    }

    TEST_CASE("a tensor that the network does not use is refused by name") {
        for (const char* name : {"blk.0.attn_q_norm.weight", "blk.1.ffn_gate_exps.weight", "blk.0.ffn_gate_inp.weight",
                                 "blk.0.attn_norm.bias", "output.bias", "output_norm.bias", "token_embd.bias",
                                 "blk.2.attn_q.weight", "blk.0.attn_q.lora_a", "rope_factors_long.weight",
                                 "blk.0.post_attention_norm.weight", "blk.0.attn_q.scale", "rope_freqs.bias"}) {
            SmallModel model;
            model.vector(name, 48, 1);
            model.vector("zzz", 48, 1);  // the first one in the file is named
            const std::string message = refusal(TemporaryFile(model.writer.str()).path());
            CHECK(message.find(std::string("tensor ") + name + " is not used") != std::string::npos);
        }
    }

    TEST_CASE("a bias or a list of factors of another shape or of no numbers is refused") {
        const auto message = [](const char* name, const std::vector<std::uint64_t>& dims,
                                const std::vector<float>& values) {
            SmallModel model;
            model.tensor(name, dims, values);
            return refusal(TemporaryFile(model.writer.str()).path());
        };
        CHECK(message("blk.0.attn_k.bias", {48}, std::vector<float>(48)).find("attn_k.bias is 48x1, expected 24x1") !=
              std::string::npos);
        CHECK(message("blk.0.attn_q.bias", {24, 2}, std::vector<float>(48)).find("is 24x2, expected 48x1") !=
              std::string::npos);
        CHECK(message("rope_freqs.weight", {8}, std::vector<float>(8, 1)).find("is 8x1, expected 4x1") !=
              std::string::npos);
        for (const float wrong : {0.0F, -1.0F, NAN, INFINITY})
            CHECK(message("rope_freqs.weight", {4}, {1, 1, wrong, 1}).find("at 2, expected a number above 0") !=
                  std::string::npos);
        // Meta's rope.freqs: 10000^(-2i/8).
        CHECK(message("rope_freqs.weight", {4}, {1, 0.1F, 0.01F, 0.001F}).find("the frequencies themselves") !=
              std::string::npos);
    }

    TEST_CASE("a bias that is not a number ends a score with an error") {
        SmallModel model;
        model.tensor("blk.0.ffn_up.bias", {72}, std::vector<float>(72, NAN));
        const TemporaryFile file(model.writer.str());
        CHECK_THROWS_AS(scored(file.path(), {1}, {260}, {}), engine::EngineError);
    }
}
