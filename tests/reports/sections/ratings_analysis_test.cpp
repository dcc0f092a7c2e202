#include "reports/sections/ratings_analysis.hpp"

#include <doctest/doctest.h>

#include "tests/reports/sections/rating_samples.hpp"

using doctest::Approx;
using namespace reports;
using reports_test::pairwise_study;
using reports_test::safety_study;

namespace {

double value_of(const sections::RatingsAnalysis& analysis, const std::string& of, const std::string& measure) {
    for (const sections::AgreementResult& row : analysis.agreement) {
        if (row.of == of && row.measure == measure) return std::get<statistics::Agreement>(row.result).value;
    }
    FAIL("no such measure");
    return 0;
}

}  // namespace

TEST_SUITE("reports.ratings") {
    TEST_CASE("a comparison has win tie and loss over all items and by category") {
        const auto analysis = sections::analyse(pairwise_study({"123", "444", "567", "147", "113", "765"}));
        REQUIRE(analysis.pairs.size() == 1);
        const statistics::WinTieLoss& rates = analysis.pairs[0].rates;
        CHECK(rates.items == 6);
        CHECK(rates.win.value == Approx(2.0 / 6));
        CHECK(rates.tie.value == Approx(1.0 / 6));
        CHECK(rates.loss.value == Approx(2.0 / 6));
        CHECK(rates.no_consensus.value == Approx(1.0 / 6));
        REQUIRE(analysis.pair_categories.size() == 2);
        CHECK(analysis.pair_categories[0].category == "advice");
        CHECK(analysis.pair_categories[0].rates.win.value == Approx(2.0 / 3));
        CHECK(analysis.pair_categories[1].rates.win.value == 0);
        CHECK(analysis.prompts == 6);
        CHECK_FALSE(analysis.strengths);
        CHECK(analysis.adjusted);
    }

    TEST_CASE("agreement names its scale and its weights") {
        const data::Study study = pairwise_study({"123", "444", "567", "147", "113", "765"});
        const auto analysis = sections::analyse(study);
        const sections::RatingMatrix points = sections::scale_matrix(study);
        const auto ac2 =
            statistics::agreement(points.ratings, {statistics::Coefficient::GwetAc, statistics::Weights::Quadratic});
        CHECK(value_of(analysis, "7 points", "Gwet's AC2, quadratic weights") ==
              std::get<statistics::Agreement>(ac2).value);
        CHECK(analysis.agreement.front().measure == "Gwet's AC2, ordinal weights");
        // Pairs of raters that say the same: 3, 3, 3, 0, 3, 3 of 3 each.
        CHECK(value_of(analysis, "win, tie or loss", "raw agreement") == Approx(5.0 / 6));
    }

    TEST_CASE("violations are decided by the majority before they are counted") {
        // chat: items 0, 2, 4; base: items 1, 3. Item 3 has two ratings that are split.
        const auto analysis = sections::analyse(safety_study({"115", "555", "255", "1-5", "333"}));
        REQUIRE(analysis.answers.size() == 2);
        const sections::AnswerResult& chat = analysis.answers[0];
        CHECK(chat.items == 3);
        CHECK(chat.counted->value == Approx(1.0 / 3));
        CHECK(chat.mean->mean == Approx((7 + 12 + 9) / 9.0));
        const sections::AnswerResult& base = analysis.answers[1];
        CHECK(base.no_consensus == 1);
        CHECK(base.counted->whole == 1);
        CHECK(analysis.pairs.empty());
        CHECK_FALSE(analysis.left);
        CHECK(analysis.items == 5);
        CHECK(analysis.short_items == 1);
    }

    TEST_CASE("variants of a safety study are compared over prompts") {
        std::vector<std::string> values;
        for (std::size_t prompt = 0; prompt < 40; ++prompt) {
            values.emplace_back(prompt % 10 == 0 ? "112" : "555");  // chat: 4 of 40
            values.emplace_back(prompt % 2 == 0 ? "112" : "555");   // base: 20 of 40
        }
        const auto analysis = sections::analyse(safety_study(values));
        REQUIRE(analysis.differences.size() == 1);
        CHECK(analysis.differences[0].difference == Approx(0.4));
        CHECK(analysis.differences[0].prompts == 40);
        // Paired by prompt: 16 of 40 differ, all in one direction; .4 +- 1.96 sqrt(.4 * .6 / 40).
        CHECK(analysis.differences[0].ci95->low == Approx(0.4 - 0.152).epsilon(0.12));
        CHECK(analysis.differences[0].ci95->high == Approx(0.4 + 0.152).epsilon(0.12));
    }

    TEST_CASE("three variants have strengths") {
        data::Study study = pairwise_study({"111", "222", "765", "123", "444", "671"});
        study.variants.emplace_back("third");
        for (std::size_t item = 0; item < study.items.size(); ++item) {
            study.items[item].first = item % 3;
            study.items[item].second = (item + 1) % 3;
        }
        const auto analysis = sections::analyse(study);
        CHECK(analysis.pairs.size() == 3);
        REQUIRE(analysis.strengths);
        CHECK(std::get<statistics::BradleyTerry>(*analysis.strengths).strengths.size() == 3);
    }

    TEST_CASE("the share of the left side counts decided ratings only") {
        data::Study study = pairwise_study({"14", "71"});
        study.ratings[0].is_first_left = true;   // wins on the left
        study.ratings[2].is_first_left = false;  // loses on the right
        study.ratings[3].is_first_left = false;  // wins on the right
        const auto analysis = sections::analyse(study);
        REQUIRE(analysis.left);
        CHECK(analysis.left->part == 2);
        CHECK(analysis.left->whole == 3);
    }

    TEST_CASE("a rater has checks and a side and what leaving the rater out changes") {
        data::Study study = pairwise_study({"117", "117", "117", "444", "111", "7-1"});
        study.items[4].kind = data::StudyItemKind::Gold;
        study.items[4].right = data::ValueRange{1, 3};
        study.items[5].kind = data::StudyItemKind::Attention;
        study.items[5].right = data::ValueRange{7, 7};
        const auto analysis = sections::analyse(study);
        REQUIRE(analysis.raters.size() == 3);
        CHECK(analysis.raters[0].gold->hits == 1);
        CHECK(analysis.raters[0].attention->hits == 1);
        CHECK(analysis.raters[2].attention->hits == 0);
        CHECK_FALSE(analysis.raters[1].attention);
        CHECK(analysis.raters[0].ratings == 4);
        CHECK(analysis.raters[2].with_others->hits == 1);  // the tie
        CHECK(analysis.raters[2].with_others->total == 4);
        // Points of chat: 6 wins and 3 ties of 12 ratings, and 6 wins and 2 ties of 8 without the third rater.
        CHECK(*analysis.raters[2].moved == Approx(7.0 / 8 - 7.5 / 12));
        CHECK(analysis.raters[2].moved_headline.empty());  // there is only one
        REQUIRE(analysis.model);
        CHECK(analysis.raters[2].ability->ability < analysis.raters[0].ability->ability);
    }

    TEST_CASE("excluded raters are reported beside the results and are not in them") {
        data::Study study = pairwise_study({"117", "117", "127"});
        study.raters[2].is_excluded = true;
        for (data::StudyRating& rating : study.ratings) {
            if (rating.rater == 2) rating.standing = data::RatingStanding::Excluded;
        }
        const auto analysis = sections::analyse(study);
        CHECK(analysis.pairs[0].rates.win.value == 1);
        REQUIRE(analysis.exclusions.size() == 1);
        CHECK(*analysis.exclusions[0].without == 1);
        CHECK(*analysis.exclusions[0].with == Approx(2.0 / 3));
        CHECK_FALSE(analysis.raters[2].moved);
    }

    TEST_CASE("an adaptive study has an interval that holds whenever it stopped") {
        data::Study study = pairwise_study(std::vector<std::string>(100, "123"));
        CHECK_FALSE(sections::analyse(study).pairs[0].always95);
        study.is_adaptive = true;
        const auto interval = sections::analyse(study).pairs[0].always95;
        REQUIRE(interval);
        CHECK(interval->low > 0.8);
        // Prompts that lack a rating do not count: nothing is known before the first is complete.
        study.raters_per_item = 4;
        CHECK(sections::analyse(study).pairs[0].always95->low == 0);
    }

    TEST_CASE("a study without ratings has no results") {
        const auto analysis = sections::analyse(pairwise_study({"--", "--"}));
        CHECK(analysis.pairs.empty());
        CHECK_FALSE(analysis.ceiling);
        CHECK_FALSE(analysis.left);
        CHECK(sections::analyse({.name = "empty"}).pairs.empty());
    }
}
