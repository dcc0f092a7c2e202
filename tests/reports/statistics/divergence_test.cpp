#include "reports/statistics/divergence.hpp"

#include <doctest/doctest.h>

#include <vector>

using doctest::Approx;
using namespace reports::statistics;

namespace {

const std::vector<float> kReference = {1.5F, -0.25F, 3.0F, 0.5F, 2.75F};
const std::vector<float> kModel = {1.0F, 0.25F, 2.5F, 0.75F, 2.875F};

/// Seven tokens in three windows.
const std::vector<TokenDivergence> kSevenTokens = {
    {.01, -1, -1.1, true},   {.04, -2, -1.8, true},  {.02, -.5, -.6, true},    {.30, -3, -3.5, false},
    {.05, -1.5, -1.5, true}, {.00, -.25, -.2, true}, {.08, -2.5, -2.75, false}};
const std::vector<std::size_t> kThreeWindows = {0, 0, 0, 1, 1, 2, 2};

}  // namespace

TEST_SUITE("reports.divergence") {
    TEST_CASE("the divergence of two rows of logits is that of numpy") {
        // R, Q: log-softmax; (exp(R) * (R - Q)).sum(), R[1], Q[1]; the top tokens are 2 and 4
        const TokenDivergence found = token_divergence(kReference, kModel, 1);
        CHECK(found.kl == Approx(0.05497905698707742).epsilon(1e-13));
        CHECK(found.reference_logprob == Approx(-4.002731331709968).epsilon(1e-14));
        CHECK(found.model_logprob == Approx(-3.334274912189408).epsilon(1e-14));
        CHECK_FALSE(found.same_top);
    }

    TEST_CASE("equal logits diverge by exactly nothing and a constant added to all changes nothing") {
        CHECK(token_divergence(kReference, kReference, 0).kl == 0);
        CHECK(token_divergence(kReference, kReference, 0).same_top);
        std::vector<float> shifted = kModel;
        for (float& logit : shifted) logit += 64;  // exact in f32
        CHECK(token_divergence(kReference, shifted, 1).kl == Approx(0.05497905698707742).epsilon(1e-12));
    }

    TEST_CASE("logits far apart give no infinity") {
        const std::vector<float> certain = {800, -800, 0};
        const std::vector<float> other = {-800, 800, 0};
        // The reference is sure of token 0, to which the other gives exp(-1600).
        const TokenDivergence found = token_divergence(certain, other, 0);
        CHECK(found.kl == Approx(1600));
        CHECK(found.reference_logprob == 0);
        CHECK(found.model_logprob == -1600);
    }

    TEST_CASE("the lowest of equal logits is the top token") {
        CHECK(token_divergence(std::vector<float>{1, 2, 2}, std::vector<float>{0, 3, 1}, 0).same_top);
        CHECK_FALSE(token_divergence(std::vector<float>{1, 2, 2}, std::vector<float>{0, 1, 3}, 0).same_top);
    }

    TEST_CASE("means over tokens have the errors of their windows") {
        // numpy: sqrt(C / (C - 1) * sum over windows of (sum of value - mean)^2) / n; scipy's t of 1.9658 degrees of
        // freedom, which the covariance of all tokens gives
        const auto found = summarise(kSevenTokens, kThreeWindows);
        REQUIRE(found);
        CHECK(found->kl.value == Approx(0.07142857142857142));
        CHECK(*found->kl.standard_error == Approx(0.04551660978072578));
        CHECK(found->kl.ci95->low == 0);  // -0.128 without the bound that no divergence crosses
        CHECK(found->kl.ci95->high == Approx(0.2705761913286511));
        CHECK(found->same_top.value == Approx(5.0 / 7));
        CHECK(*found->same_top.standard_error == Approx(0.18367346938775508));
        // Wilson's interval of 2.2181 items, which have this error times t / z of 1.9692 degrees of freedom
        CHECK(found->same_top.ci95->low == Approx(0.19395239633706096));
        CHECK(found->same_top.ci95->high == Approx(0.9629278158682343));
        CHECK(found->probability_change.value == Approx(-0.008654375494736532));
        CHECK(*found->probability_change.standard_error == Approx(0.009400706629002022));
        CHECK(found->probability_change_rms.value == Approx(0.03330106884672934));
        CHECK(*found->probability_change_rms.standard_error == Approx(0.007420467674678357));
    }

    TEST_CASE("perplexities are exponentials of means with transformed intervals") {
        const auto found = summarise(kSevenTokens, kThreeWindows);
        REQUIRE(found);
        CHECK(found->perplexity.value == Approx(5.13312320444328));
        CHECK(*found->perplexity.standard_error == Approx(2.02250714755228));
        CHECK(found->perplexity_ratio.value == Approx(1.1051709180756477));
        CHECK(*found->perplexity_ratio.standard_error == Approx(0.08203766490662413));
        CHECK(found->perplexity_ratio.ci95->low == Approx(0.7991397556674195));
        CHECK(found->perplexity_ratio.ci95->high == Approx(1.5283969412084724));
    }

    TEST_CASE("quantiles of divergences are those of numpy") {
        const auto found = summarise(kSevenTokens, kThreeWindows);
        REQUIRE(found);
        CHECK(found->kl_median == Approx(0.04));
        CHECK(found->kl_p90 == Approx(0.168));
        CHECK(found->kl_p99 == Approx(0.2868));
        CHECK(found->kl_p999 == Approx(0.29868));
        CHECK(found->kl_max == Approx(0.3));
    }

    TEST_CASE("a single window has means without errors and no tokens have nothing") {
        const auto found = summarise(kSevenTokens, std::vector<std::size_t>(7, 0));
        REQUIRE(found);
        CHECK(found->kl.value == Approx(0.07142857142857142));
        CHECK_FALSE(found->kl.standard_error);
        CHECK_FALSE(found->same_top.ci95);
        CHECK_FALSE(summarise({}, {}));
    }
}
