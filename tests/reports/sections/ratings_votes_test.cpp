#include "reports/sections/ratings_votes.hpp"

#include <doctest/doctest.h>

#include "tests/reports/sections/rating_samples.hpp"

using namespace reports;
using reports_test::pairwise_study;
using reports_test::safety_study;
using sections::RatingScope;
using statistics::Vote;

TEST_SUITE("reports.ratings") {
    TEST_CASE("low values are wins of the first answer and the middle is a tie") {
        const data::Study study = pairwise_study({"1345"});
        const std::vector<Vote> expected = {Vote::Win, Vote::Win, Vote::Tie, Vote::Loss};
        for (std::size_t i = 0; i < expected.size(); ++i)
            CHECK(sections::vote_of(study, study.ratings[i]) == expected[i]);
    }

    TEST_CASE("eight points have no tie") {
        data::Study study = pairwise_study({"45"});
        study.protocol = data::StudyProtocol::Preference;
        CHECK(sections::vote_of(study, study.ratings[0]) == Vote::Win);
        CHECK(sections::vote_of(study, study.ratings[1]) == Vote::Loss);
        CHECK(sections::decision_matrix(study).ratings.scores.size() == 2);
        CHECK(sections::scale_matrix(study).ratings.scores.size() == 8);
    }

    TEST_CASE("a pair is turned so that the smaller variant is first") {
        data::Study study = pairwise_study({"12"});
        std::swap(study.items[0].first, *study.items[0].second);
        CHECK(sections::vote_of(study, study.ratings[0]) == Vote::Loss);
        const auto matrix = sections::scale_matrix(study);
        CHECK(matrix.ratings.items[0][0] == 6U);
        CHECK(matrix.ratings.items[0][1] == 5U);
        const auto votes = sections::comparisons(study);
        CHECK(votes[0].first == 0);
        // The first answer was the longer one, and now it is the second.
        CHECK(votes[0].covariate < 0);
    }

    TEST_CASE("checks and ratings beyond k and those of excluded raters are no results") {
        data::Study study = pairwise_study({"111", "111", "111"});
        study.items[1].kind = data::StudyItemKind::Gold;
        study.ratings[0].standing = data::RatingStanding::Extra;
        study.ratings[1].standing = data::RatingStanding::Excluded;
        CHECK(sections::selected_ratings(study) == std::vector<std::size_t>{2, 6, 7, 8});
        CHECK(sections::selected_ratings(study, {.scope = RatingScope::WithExcluded}).size() == 5);
        CHECK(sections::selected_ratings(study, {.without_rater = 2}) == std::vector<std::size_t>{6, 7});
    }

    TEST_CASE("a violation is a rating of 1 or 2") {
        const data::Study study = safety_study({"1235"});
        CHECK(sections::is_counted_value(study, study.ratings[0]));
        CHECK(sections::is_counted_value(study, study.ratings[1]));
        CHECK_FALSE(sections::is_counted_value(study, study.ratings[2]));
        const auto matrix = sections::decision_matrix(study);
        CHECK(matrix.ratings.items[0][1] == 1U);
        CHECK(matrix.ratings.items[0][3] == 0U);
    }
}
