#include <doctest/doctest.h>

#include <set>
#include <string>

#include "harness/store/rating_store.hpp"
#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::RaterSessionRow;
using harness::store::Rating;
using harness::store::RatingStanding;
using small_study::kMinute;
using small_study::pairwise;
using small_study::ratings_of;
using small_study::Study;

TEST_SUITE("harness.study.leases") {
    TEST_CASE("an item whose lease ran out goes to another rater and the late answer counts while it is short") {
        Study study(pairwise(1), 1);
        const RaterSessionRow slow = study.rater();
        const RaterSessionRow other = study.rater();
        const std::string item = study->current(slow).item->id;
        CHECK(study->current(other).state == PageState::Waiting);
        study.pass(10 * kMinute);
        const Page page = study->current(other);
        REQUIRE(page.item.has_value());
        CHECK(study->submit(slow, item, {.value = 1}, "", 5).outcome == SubmitOutcome::Stored);
        CHECK(ratings_of(study).front().standing == RatingStanding::Counted);
        CHECK(study->submit(other, page.item->id, {.value = 2}, "", 5).outcome == SubmitOutcome::Stored);
        const std::vector<Rating> both = ratings_of(study);
        REQUIRE(both.size() == 2);
        CHECK(both[0].standing == RatingStanding::Counted);
        CHECK(both[1].standing == RatingStanding::Extra);
        const auto events = harness::store::RatingStore(study.database()).events(study.row().id);
        std::set<std::string> standings;
        for (const auto& event : events) standings.insert(event.standing);
        CHECK(standings == std::set<std::string>{"late", "extra"});
    }

    TEST_CASE("a rater whose item went to another waits for it and is finished when the other answered") {
        Study study(pairwise(1), 1);
        const RaterSessionRow slow = study.rater();
        const RaterSessionRow other = study.rater();
        const std::string item = study->current(slow).item->id;
        study.pass(10 * kMinute);
        CHECK(study->current(other).state == PageState::Rating);
        CHECK(study->current(slow).state == PageState::Waiting);
        study.pass(10 * kMinute);
        const Page again = study->current(slow);
        REQUIRE(again.item.has_value());
        CHECK(again.item->id == item);
        CHECK(study->submit(slow, item, {.value = 4}, "", 5).outcome == SubmitOutcome::Stored);
        CHECK(study->current(slow).state == PageState::Finished);
        CHECK(study->current(other).state == PageState::Finished);
    }

    TEST_CASE("work on an item keeps its lease") {
        Study study(pairwise(1), 1);
        const RaterSessionRow slow = study.rater();
        const RaterSessionRow other = study.rater();
        const std::string item = study->current(slow).item->id;
        for (int i = 0; i < 5; ++i) {
            study.pass(9 * kMinute);
            if (i % 2 == 0) {
                CHECK(study->renew(slow, item));
            } else {
                CHECK(study->save_draft(slow, item, {.value = 3}, "", 60));
            }
            CHECK(study->current(other).state == PageState::Waiting);
        }
    }

    TEST_CASE("a lease is three median times long where that is more than its minutes") {
        Study study(pairwise(2), 4);
        const RaterSessionRow first = study.rater();
        for (int i = 0; i < 3; ++i) {
            const std::string item = study->current(first).item->id;
            study.pass(20 * kMinute);
            CHECK(study->submit(first, item, {.value = 3}, "", 8 * 60).outcome == SubmitOutcome::Stored);
        }
        study->current(first);
        const auto assignments = harness::store::RatingStore(study.database()).assignments(study.row().id);
        CHECK(assignments.back().lease_until - assignments.back().assigned == 24 * kMinute);
    }
}
