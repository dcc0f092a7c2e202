#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "engine/language_model.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

/// Real models and the independent float64 reference; absent on machines without them.
std::string shared() {
    const char* folder = std::getenv("BELLWETHER_SHARED");
    return folder != nullptr ? folder : std::string(BELLWETHER_SOURCE_DIR) + "/../shared";
}

bool have_shared() {
    if (std::filesystem::exists(shared() + "/tools/oracle.py")) return true;
    MESSAGE("skipped: BELLWETHER_SHARED has no reference models");
    return false;
}

std::vector<engine::TokenId> random_ids(std::uint32_t seed, std::size_t count, engine::TokenId vocab) {
    std::mt19937 generator(seed);
    std::vector<engine::TokenId> ids = {1};
    while (ids.size() < count)
        ids.push_back(static_cast<engine::TokenId>(3 + generator() % (static_cast<std::uint32_t>(vocab) - 3)));
    return ids;
}

/// The reference's log-probability of each next id.
std::vector<double> reference(const std::string& model, const std::vector<engine::TokenId>& ids) {
    const std::string text = output_of(
        fmt::format("/usr/bin/python3 '{}/tools/oracle.py' '{}' ids {}", shared(), model, fmt::join(ids, ",")));
    std::vector<double> values;
    const std::size_t end = text.find(']');
    for (std::size_t at = text.find('['); at < end && at != std::string::npos; at = text.find(',', at + 1)) {
        if (at < end) values.push_back(std::strtod(text.c_str() + at + 1, nullptr));
    }
    return values;
}

double worst_difference(const std::string& path, engine::Kernels kernels = engine::Kernels::Automatic,
                        engine::Numerics numerics = engine::Numerics::Exact) {
    engine::EngineOptions options;
    options.kernels = kernels;
    options.numerics = numerics;
    const auto model = engine::open_model(path, options);
    const std::vector<engine::TokenId> ids = random_ids(7, 200, static_cast<engine::TokenId>(model->card().vocab));
    const engine::ScoreRequest request{{ids[0]}, {ids.begin() + 1, ids.end()}};
    const engine::ScoreResult result = model->score({&request, 1}).at(0);
    const std::vector<double> expected = reference(path, ids);
    REQUIRE(expected.size() == result.tokens.size());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        worst = std::max(worst, std::abs(expected[i] - result.tokens[i].logprob));
    return worst;
}

constexpr double kTolerance = 2e-3;     // the promise; measured: about 1e-5
constexpr double kFastTolerance = 0.3;  // rounding to 8 bits or halves, on a model of a few thousand weights a matrix

}  // namespace

TEST_SUITE("engine.oracle") {
    TEST_CASE("log-probabilities of a trained model and of quantised files agree with the float64 reference") {
        if (!have_shared()) return;
        for (const char* file :
             {"stories260K.gguf", "quant/a-F32.gguf", "quant/a-F16.gguf", "quant/a-BF16.gguf", "quant/a-Q8_0.gguf",
              "quant/a-Q4_0.gguf", "quant/a-Q4_1.gguf", "quant/a-Q5_0.gguf", "quant/a-Q5_1.gguf", "quant/a-Q2_K.gguf",
              "quant/a-Q3_K_S.gguf", "quant/a-Q3_K_M.gguf", "quant/a-Q4_K_S.gguf", "quant/a-Q4_K_M.gguf",
              "quant/a-Q5_K_M.gguf", "quant/a-Q6_K.gguf"}) {
            const double worst = worst_difference(shared() + "/models/" + file);
            MESSAGE(std::string(file), ": largest difference ", worst);
            CHECK(worst < kTolerance);
        }
    }

    TEST_CASE("log-probabilities of the kernels for GPUs agree with the float64 reference") {
        if (!have_shared()) return;
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels != engine::Kernels::Gpu) return;  // exact numerics are the same in the others
            for (const char* file : {"stories260K.gguf", "quant/a-F16.gguf", "quant/a-BF16.gguf", "quant/a-Q8_0.gguf",
                                     "quant/a-Q4_0.gguf", "quant/a-Q5_1.gguf", "quant/a-Q2_K.gguf",
                                     "quant/a-Q3_K_M.gguf", "quant/a-Q4_K_M.gguf", "quant/a-Q5_K_M.gguf"}) {
                const double worst = worst_difference(shared() + "/models/" + file, kernels);
                MESSAGE(std::string(file), ": largest difference ", worst);
                CHECK(worst < kTolerance);
            }
        });
    }

    TEST_CASE("log-probabilities of the fast kernels for GPUs stay near the float64 reference") {
        if (!have_shared()) return;
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Software || kernels == engine::Kernels::Gpu) return;
            for (const char* file : {"quant/a-Q8_0.gguf", "quant/a-Q4_0.gguf", "quant/a-Q4_K_M.gguf"}) {
                const double worst = worst_difference(shared() + "/models/" + file, kernels, engine::Numerics::Fast);
                MESSAGE(std::string(file), ": largest difference ", worst);
                CHECK(worst < kFastTolerance);
            }
        });
    }

    TEST_CASE("log-probabilities of odd shapes agree with the float64 reference") {
        if (!have_shared()) return;
        struct Shape {
            const char* numbers;  // dim layers heads kv_heads ffn context theta linear_factor seed type
        };
        const Temporary folder;
        const std::string path = folder / "odd.gguf";
        for (const Shape& shape : {Shape{"48 3 6 3 172 256 10000 1 1 f32 tied"},
                                   Shape{"40 2 5 1 100 256 500000 1 2 f16"}, Shape{"36 2 6 6 76 256 10000 4 3 f32"}}) {
            output_of(fmt::format("/usr/bin/python3 '{0}/tools/mkrandom.py' '{0}/models/stories260K.gguf' '{1}' {2}",
                                  shared(), path, shape.numbers));
            for (const engine::Kernels kernels : {engine::Kernels::Automatic, engine::Kernels::Gpu}) {
                CAPTURE(kernel_families::name(kernels));
                const double worst = worst_difference(path, kernels);
                MESSAGE(std::string(shape.numbers), ": largest difference ", worst);
                CHECK(worst < kTolerance);
            }
        }
    }

    TEST_CASE("greedy text from BOS alone is the published text of the model") {
        if (!have_shared()) return;
        const auto model = engine::open_model(shared() + "/models/stories260K.gguf");
        const engine::GenerateRequest request{.prompt = {1}, .max_tokens = 200, .stop = {}, .sampling = {}};
        std::ifstream file(shared() + "/models/golden-stories260K-200.txt", std::ios::binary);
        const std::string golden{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        CHECK(model->generate({&request, 1}).at(0).text == golden);
    }
}

TEST_SUITE("engine.batching") {
    TEST_CASE("a score has the same bits alone and among others and in batches of any size") {
        if (!have_shared()) return;
        const std::string path = shared() + "/models/stories260K.gguf";
        std::vector<engine::ScoreRequest> requests;
        for (std::uint32_t i = 0; i < 24; ++i) {
            // Pairs share a context, as the choices of an item do.
            const auto context = random_ids(i / 2, 5 + (i / 2) * 7, 512);
            const auto continuation = random_ids(100 + i, 2 + i % 5, 512);
            requests.push_back({context, {continuation.begin() + 1, continuation.end()}});
        }
        const auto whole = engine::open_model(path)->score(requests);
        for (const std::uint32_t batch : {8U, 40U}) {
            const auto model = engine::open_model(path, {.device = "", .context = 0, .batch_tokens = batch});
            for (std::size_t i = 0; i < requests.size(); ++i) {
                CAPTURE(batch);
                CAPTURE(i);
                CHECK(model->score({&requests[i], 1}).at(0).logprob() == whole[i].logprob());
            }
        }
    }

    TEST_CASE("sampled text depends on the seed and not on the neighbours") {
        if (!have_shared()) return;
        const auto model = engine::open_model(shared() + "/models/stories260K.gguf");
        std::vector<engine::GenerateRequest> requests;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            requests.push_back(
                {.prompt = {1},
                 .max_tokens = 20,
                 .stop = {},
                 .sampling = {.temperature = 1, .top_p = 1, .top_k = 0, .seed = seed, .item = 0, .sample = 0}});
        }
        const auto together = model->generate(requests);
        for (std::size_t i = 0; i < requests.size(); ++i)
            CHECK(model->generate({&requests[i], 1}).at(0).ids == together[i].ids);
        CHECK(together[0].ids != together[1].ids);
    }

    TEST_CASE("a request that the model cannot hold is an input error") {
        if (!have_shared()) return;
        const auto model = engine::open_model(shared() + "/models/stories260K.gguf");
        const engine::ScoreRequest too_long{random_ids(1, 512, 512), {5, 6}};
        CHECK_THROWS_AS(model->score({&too_long, 1}), engine::EngineError);
        const engine::ScoreRequest outside{{1}, {512}};
        CHECK_THROWS_AS(model->score({&outside, 1}), engine::EngineError);
        const engine::ScoreRequest empty{{1}, {}};
        CHECK_THROWS_AS(model->score({&empty, 1}), engine::EngineError);
    }
}
