#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/ladder/candidates.hpp"
#include "harness/ladder/measurement.hpp"
#include "tests/engine/shared_data.hpp"

using namespace harness;

namespace {

// 202 tokens of the models' vocabulary, in four windows of 64.
const std::string kLighthouse =
    "The lighthouse keeper wrote down the weather every hour, and every evening he read what he had "
    "written. Rain, wind from the west, rain again. One night the lamp went out, and before he could "
    "climb the stairs he heard a ship's bell close to the rocks. He lit a fire on the gallery with the "
    "pages of his book. The ship turned. In the morning he began a new book, and its first line was about"
    " the old one.";
constexpr std::uint32_t kWindow = 64;

/// Computed in float64 with numpy from whole rows of log-probabilities of shared/tools/oracle.py's network (its
/// dequantisation extended by IQ4_NL and IQ4_XS, after the description of these types in llama.cpp), for the same
/// windows, with a-F32.gguf as the reference. Error: sqrt(C / (C - 1) sum of squared window sums) / n.
struct OracleRow {
    const char* file;
    double kl;
    double kl_error;
    double kl_median;
    double kl_max;
    double perplexity_ratio;
    double change_rms;
};
const std::vector<OracleRow> kOracle = {
    {"a-F16.gguf", 1.457722768e-06, 6.349941298e-08, 1.362958577e-06, 3.743320941e-06, 0.9999548476, 8.501267673e-06},
    {"a-BF16.gguf", 9.694167507e-05, 2.570414607e-06, 8.766452414e-05, 0.0002752480985, 0.9984507829, 9.887987094e-05},
    {"a-Q8_0.gguf", 0.001086645296, 6.156299657e-05, 0.001000102745, 0.003151342051, 1.005358926, 0.0002626222014},
    {"a-Q6_K.gguf", 0.01194849639, 0.0003957379159, 0.01129588701, 0.03372570015, 1.008685236, 0.0005898610929},
    {"a-Q5_1.gguf", 0.04888432011, 0.00120777297, 0.04471541904, 0.1363291356, 0.9803945911, 0.0008703121518},
    {"a-Q5_0.gguf", 0.05963582012, 0.002714274249, 0.05467878783, 0.1569735044, 1.020282282, 0.001514019028},
    {"a-Q5_K_M.gguf", 0.0450930946, 0.002287233299, 0.0409278946, 0.1273771642, 0.9825549728, 0.0008437958495},
    {"a-Q4_1.gguf", 0.1833091598, 0.008312756308, 0.1684903755, 0.6080041545, 0.9473527556, 0.002544851125},
    {"a-Q4_K_M.gguf", 0.158801475, 0.005681536119, 0.1471002345, 0.4266521947, 0.9529765287, 0.002469405656},
    {"a-Q4_K_S.gguf", 0.1525928192, 0.006903593276, 0.1426520481, 0.4755269054, 0.9351107927, 0.002408420184},
    {"a-Q4_0.gguf", 0.2282051219, 0.007006011189, 0.2199037813, 0.5719188228, 0.9465451335, 0.003349826465},
    {"a-IQ4_NL.gguf", 0.1723854921, 0.002920669551, 0.1616413591, 0.4097451876, 0.9542731813, 0.002436046003},
    {"a-IQ4_XS.gguf", 0.1757970011, 0.004434339547, 0.1670782569, 0.419774117, 0.9737683102, 0.002573305094},
    {"a-Q3_K_M.gguf", 0.4617856713, 0.01846873423, 0.4574848868, 1.099242958, 0.8605404402, 0.003086817214},
    {"a-Q3_K_S.gguf", 0.5464064573, 0.0252877996, 0.5318327168, 1.222464495, 0.8877774315, 0.003246423478},
    {"a-Q2_K.gguf", 1.077061632, 0.03662905048, 1.056117979, 2.141423684, 0.9173628869, 0.004510185728},
};

constexpr double kPromise = 1e-3;
// Measured: means differ by up to 3.1e-8 nats, the largest divergence of a token by 1.1e-6.
constexpr double kNats = 1e-7;
constexpr double kShare = 2e-5;

bool near(double value, double expected) {
    return std::abs(value - expected) <= std::max(kNats, kShare * expected);
}

}  // namespace

TEST_SUITE("harness.ladder") {
    TEST_CASE("divergences of all types of weights from F32 are those of the float64 reference") {
        const auto folder = shared_data("models/quant");
        if (!folder) return;
        std::vector<std::string> names;
        names.reserve(kOracle.size());
        for (const OracleRow& row : kOracle) names.push_back((*folder / row.file).string());
        const auto models = ladder::candidates(names, (*folder / "a-F32.gguf").string(), kWindow);
        REQUIRE(models.size() == kOracle.size() + 1);
        ladder::check_same_tokens(models, kLighthouse);
        const ladder::Text text = ladder::cut_text("l.txt", kLighthouse, *models.front().tokenizer, kWindow, 0);
        REQUIRE(text.tokens() == 202);
        engine::EngineOptions options;
        options.context = kWindow;
        const auto quiet = [](std::size_t) {};
        const ladder::Measurement measurement(text, *models.front().source->open(options), quiet);
        for (std::size_t i = 1; i < models.size(); ++i) {
            const std::string file = models[i].name + ".gguf";
            const auto row = std::find_if(kOracle.begin(), kOracle.end(),
                                          [&file](const OracleRow& other) { return other.file == file; });
            REQUIRE(row != kOracle.end());
            const auto found = reports::statistics::summarise(
                measurement.compare(*models[i].source->open(options), quiet), text.window_of);
            CAPTURE(file);
            MESSAGE(file, ": mean divergence ", found->kl.value, ", off by ", found->kl.value - row->kl);
            CHECK(std::abs(found->kl.value - row->kl) < kPromise);
            CHECK(near(found->kl.value, row->kl));
            CHECK(near(*found->kl.standard_error, row->kl_error));
            CHECK(near(found->kl_median, row->kl_median));
            CHECK(near(found->kl_max, row->kl_max));
            CHECK(near(found->perplexity_ratio.value, row->perplexity_ratio));
            CHECK(near(found->probability_change_rms.value, row->change_rms));
        }
    }
}
