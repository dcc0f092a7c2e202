#include "safety/reward/combine.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    // Llama 2 paper, section 3.2.3.
    TEST_CASE("the combined reward is safety's where the prompt is tagged or safety is below 0.15") {
        CHECK(combined_reward(0.9, 0.4, PromptTag::Safety) == 0.9);
        CHECK(combined_reward(0.9, 0.4, PromptTag::Other) == 0.4);
        CHECK(combined_reward(0.1499, 0.8, PromptTag::Other) == 0.1499);
        CHECK(combined_reward(0.15, 0.8, PromptTag::Other) == 0.8);
    }

    TEST_CASE("the logit undoes the sigmoid and is limited at both ends") {
        CHECK(limited_logit(0.75) == doctest::Approx(std::log(3.0)).epsilon(1e-14));
        CHECK(limited_logit(0.5) == 0);
        CHECK(limited_logit(1) == doctest::Approx(std::log(999999.0)).epsilon(1e-9));
        CHECK(limited_logit(0) == doctest::Approx(-std::log(999999.0)).epsilon(1e-9));
    }

    TEST_CASE("whitened values have mean 0 and standard deviation 1 over the set") {
        // Mean 5, deviations -3, -1, -1, -1, 0, 0, 2, 4: sum of squares 32, variance 4.
        const std::vector<double> white = whiten(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
        const std::vector<double> expected = {-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2};
        for (std::size_t i = 0; i < expected.size(); ++i) CHECK(white[i] == doctest::Approx(expected[i]));
        CHECK(whiten(std::vector<double>{0.1, 0.1, 0.1}) == std::vector<double>{0, 0, 0});
        CHECK(whiten({}).empty());
    }

    TEST_CASE("rewards are whitened after the logit") {
        // Logits -log 3, 0, log 3: standard deviation log 3 sqrt(2 / 3).
        const std::vector<double> white = whitened_rewards(std::vector<double>{0.25, 0.5, 0.75});
        CHECK(white[0] == doctest::Approx(-std::sqrt(1.5)));
        CHECK(white[1] == doctest::Approx(0));
        CHECK(white[2] == doctest::Approx(std::sqrt(1.5)));
    }
}
