#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "harness/store/study_ratings.hpp"
#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::RaterSessionRow;
using small_study::pairwise;
using small_study::Study;

namespace {

/// Raters for whom the answers of run "a" win `win` of the time against "b", and every other pair is a coin.
void rate_all(Study& study, double win, std::size_t raters) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> unit(0, 1);
    std::vector<RaterSessionRow> sessions;
    for (std::size_t i = 0; i < raters; ++i) sessions.push_back(study.rater());
    for (bool is_rating = true; is_rating;) {
        is_rating = false;
        for (const RaterSessionRow& session : sessions) {
            const Page page = study->current(session);
            if (!page.item) continue;
            is_rating = true;
            const std::string left = page.item->answers[0].substr(0, 1);
            const std::string right = page.item->answers[1].substr(0, 1);
            double left_wins = 0.5;
            if (left + right == "ab") left_wins = win;
            if (left + right == "ba") left_wins = 1 - win;
            study.pass(1000);
            study->submit(session, page.item->id, {.value = unit(random) < left_wins ? 2 : 6}, "", 1);
        }
    }
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE("an adaptive study gives no more items of a pair that is decided") {
        Definition definition = pairwise(3);
        definition.runs = {"plan-a", "plan-b", "plan-c"};
        definition.assignment = Assignment::Adaptive;
        Study study(definition, 120);
        rate_all(study, 0.9, 4);
        const StudyStatus status = study->status();
        CHECK(status.is_adaptive);
        REQUIRE(status.pairs.size() == 3);
        std::map<std::string, PairStatus> pairs;
        for (const PairStatus& pair : status.pairs) pairs[pair.first + pair.second] = pair;
        const PairStatus& decided = pairs.at("variant avariant b");
        CHECK(decided.is_decided());
        CHECK(decided.low > 0.5);
        CHECK(decided.items < 60);
        for (const char* name : {"variant avariant c", "variant bvariant c"}) {
            CHECK_FALSE(pairs.at(name).is_decided());
            CHECK(pairs.at(name).items == 120);
        }
        // Nothing was handed out for the decided pair after that: at most what each rater was at.
        CHECK(status.counted <= 3 * (240 + decided.items) + std::size_t{4} * 2);
    }

    TEST_CASE("a plain study rates everything whatever is decided and tells how far the pairs are") {
        Study study(pairwise(3), 60);
        rate_all(study, 0.9, 3);
        const StudyStatus status = study->status();
        CHECK_FALSE(status.is_adaptive);
        CHECK(status.complete == 60);
        CHECK(status.pairs[0].is_decided());
        CHECK(status.pairs[0].mean > 0.8);
    }

    TEST_CASE("an adaptive study completes an item before it begins the next") {
        Definition definition = pairwise(3);
        definition.assignment = Assignment::Adaptive;
        Study study(definition, 30);
        std::vector<RaterSessionRow> sessions = {study.rater(), study.rater(), study.rater()};
        for (int i = 0; i < 5; ++i) {
            for (const RaterSessionRow& session : sessions) study.rate_next(session, 4);
        }
        CHECK(study->status().items_by_ratings == std::map<std::size_t, std::size_t>{{0, 25}, {3, 5}});
    }
}
