#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include "engine/scheduler/sampler.hpp"

namespace {

/// Logits whose softmax is 0.5, 0.3, 0.15, 0.05 for ids 2, 0, 3, 1.
const std::vector<float> kLogits = {std::log(0.30F), std::log(0.05F), std::log(0.50F), std::log(0.15F)};
constexpr std::size_t kDraws = 20000;

std::array<double, 4> frequencies(engine::Sampling sampling) {
    std::array<double, 4> share = {};
    for (std::size_t position = 0; position < kDraws; ++position) {
        share.at(static_cast<std::size_t>(engine::scheduler::sample(kLogits, sampling, position))) += 1.0 / kDraws;
    }
    return share;
}

engine::Sampling with(float temperature, float top_p, std::uint32_t top_k) {
    return {.temperature = temperature, .top_p = top_p, .top_k = top_k, .seed = 3, .item = 0, .sample = 0};
}

/// The draw as `Sampling` describes it, by comparing pairs and adding one after the other.
engine::TokenId plain_sample(const std::vector<float>& logits, const engine::Sampling& sampling, double uniform) {
    std::vector<std::pair<double, engine::TokenId>> order;
    for (std::size_t id = 0; id < logits.size(); ++id)
        order.emplace_back(-double{logits[id]}, static_cast<engine::TokenId>(id));
    std::sort(order.begin(), order.end());
    double total = 0;
    std::vector<double> mass;
    for (const auto& [negative, id] : order) {
        mass.push_back(std::exp((order[0].first - negative) / double{sampling.temperature}));
        total += mass.back();
    }
    std::size_t kept = 0;
    double sum = 0;
    while (kept < order.size() && (sampling.top_k == 0 || kept < sampling.top_k) &&
           sum <= double{sampling.top_p} * total)
        sum += mass[kept++];
    double left = uniform * sum;
    for (std::size_t i = 0; i < kept; ++i) {
        left -= mass[i];
        if (left < 0) return order[i].second;
    }
    return order[kept - 1].second;
}

constexpr double kFourErrors = 0.015;  // 4 standard errors of a share near one half over 20,000 draws

}  // namespace

TEST_SUITE("engine.sampler") {
    TEST_CASE("temperature one draws from the softmax") {
        const auto share = frequencies(with(1, 1, 0));
        CHECK(share[2] == doctest::Approx(0.50).epsilon(kFourErrors).scale(1));
        CHECK(share[0] == doctest::Approx(0.30).epsilon(kFourErrors).scale(1));
        CHECK(share[1] == doctest::Approx(0.05).epsilon(kFourErrors).scale(1));
    }

    TEST_CASE("a low temperature sharpens by the power of its inverse") {
        // 0.5^2 : 0.3^2 : 0.15^2 : 0.05^2, normalised
        const double total = 0.25 + 0.09 + 0.0225 + 0.0025;
        const auto share = frequencies(with(0.5F, 1, 0));
        CHECK(share[2] == doctest::Approx(0.25 / total).epsilon(kFourErrors).scale(1));
        CHECK(share[0] == doctest::Approx(0.09 / total).epsilon(kFourErrors).scale(1));
    }

    TEST_CASE("top-p drops a token when the mass before it exceeds p") {
        // Before the third token stands 0.8: kept at p 0.81, dropped at p 0.79.
        CHECK(frequencies(with(1, 0.81F, 0))[3] > 0.1);
        const auto share = frequencies(with(1, 0.79F, 0));
        CHECK(share[3] == 0);
        CHECK(share[1] == 0);
        CHECK(share[2] == doctest::Approx(0.5 / 0.8).epsilon(kFourErrors).scale(1));
        CHECK(frequencies(with(1, 0, 0))[2] == doctest::Approx(1.0));  // the first token always stays
    }

    TEST_CASE("top-k keeps the k most probable") {
        const auto share = frequencies(with(1, 1, 2));
        CHECK(share[3] == 0);
        CHECK(share[1] == 0);
        CHECK(share[0] == doctest::Approx(0.3 / 0.8).epsilon(kFourErrors).scale(1));
    }

    TEST_CASE("draws are those of the plain definition for many logits and equal ones and wide ranges") {
        std::mt19937 random(21);
        for (const std::size_t vocab : {1U, 2U, 37U, 512U, 32000U}) {
            for (const float width : {0.0F, 3.0F, 400.0F}) {
                CAPTURE(vocab);
                CAPTURE(width);
                std::normal_distribution<float> normal(0, std::max(width, 1e-3F));
                std::vector<float> logits(vocab);
                for (float& logit : logits) logit = random() % 3 == 0 ? std::round(normal(random)) : normal(random);
                logits[random() % vocab] = -0.0F;
                logits[random() % vocab] = 0.0F;
                logits[random() % vocab] = -std::numeric_limits<float>::infinity();
                logits[random() % vocab] = width;
                for (std::uint64_t draw = 0; draw < 40; ++draw) {
                    engine::Sampling sampling = with(draw % 3 == 0   ? 0.05F
                                                     : draw % 3 == 1 ? 1.0F
                                                                     : 50.0F,
                                                     draw % 4 == 0 ? 0.9F : 1.0F, draw % 5 == 0 ? 10 : 0);
                    CHECK(engine::scheduler::sample(logits, sampling, draw) ==
                          plain_sample(logits, sampling, engine::scheduler::uniform(sampling, draw)));
                }
            }
        }
    }

    TEST_CASE("a draw depends on seed item sample and position and on nothing else") {
        std::set<double> seen;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            for (std::uint64_t item = 0; item < 3; ++item) {
                for (std::uint32_t sample = 0; sample < 3; ++sample) {
                    for (std::uint64_t position = 0; position < 3; ++position) {
                        const engine::Sampling key{
                            .temperature = 1, .top_p = 1, .top_k = 0, .seed = seed, .item = item, .sample = sample};
                        const double drawn = engine::scheduler::uniform(key, position);
                        CHECK(drawn == engine::scheduler::uniform(key, position));
                        CHECK(drawn >= 0);
                        CHECK(drawn < 1);
                        seen.insert(drawn);
                    }
                }
            }
        }
        CHECK(seen.size() == 81);
    }
}
