#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/store/rating_store.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/study/status.hpp"
#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::RaterSessionRow;
using harness::store::Rating;
using harness::store::RatingStanding;
using small_study::kMinute;
using small_study::pairwise;
using small_study::Study;

namespace {

std::size_t wanted_schedules(std::size_t otherwise) {
    const char* text = std::getenv("BELLWETHER_SCHEDULES");
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

std::string described(const StudyStatus& status) {
    std::string text = std::to_string(status.items) + " " + std::to_string(status.complete) + " " +
                       std::to_string(status.counted) + " " + std::to_string(status.extra) + " " +
                       std::to_string(status.of_excluded) + " " + std::to_string(status.active_leases);
    for (const auto& [number, items] : status.items_by_ratings)
        text += " " + std::to_string(number) + ":" + std::to_string(items);
    for (const RaterStatus& rater : status.raters) {
        text += " " + std::to_string(rater.submitted) + "/" + std::to_string(rater.counted) + "/" +
                std::to_string(rater.skipped) + "/" + std::to_string(rater.longest_streak);
    }
    return text;
}

/// Raters who do anything in any order, and what they were told was stored.
class Raters {
public:
    Raters(Study& study, std::uint64_t seed) : study_(study), random_(seed) {
        for (int i = 0; i < 6; ++i) sessions_.push_back(study.rater());
        seen_.resize(sessions_.size());
    }

    void act() {
        const std::size_t who = below(sessions_.size());
        const RaterSessionRow& session = sessions_[who];
        study_.pass(static_cast<UnixMs>(below(4 * kMinute)));
        switch (below(12)) {
            case 0: undo(session); return;
            case 1: {
                const std::string item = any_item(who);
                if (study_->skip(session, item, "broken", "")) stored_.erase(item);
                return;
            }
            case 2: study_->save_draft(session, any_item(who), {.value = 3}, "", 1); return;
            case 3: study_.restart(); return;
            case 4: study_->renew(session, any_item(who)); return;
            case 5: exclude(session); return;
            case 6: study_.pass(12 * kMinute); return;
            default: break;
        }
        if (const auto item = study_->current(session).item) seen_[who].push_back(item->id);
        if (below(3) == 0) return;  // leaves it for later, perhaps for too long
        const std::string item = any_item(who);
        const auto value = static_cast<std::int64_t>(1 + below(7));
        if (study_->submit(session, item, {.value = value}, "", 1).outcome == SubmitOutcome::Stored)
            stored_[item] = value;
    }

    const std::map<std::string, std::int64_t>& stored() const { return stored_; }

private:
    using UnixMs = harness::store::UnixMs;

    std::size_t below(std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size - 1)(random_); }

    /// Mostly the last that the rater saw, sometimes one that is long gone.
    std::string any_item(std::size_t who) {
        if (seen_[who].empty()) return "none";
        return below(4) == 0 ? seen_[who][below(seen_[who].size())] : seen_[who].back();
    }

    void undo(const RaterSessionRow& session) {
        const std::vector<std::string> before = study_->submitted(session);
        if (study_->undo(session)) stored_.erase(before.front());
    }

    void exclude(const RaterSessionRow& session) {
        if (below(4) == 0) study_->exclude(session.rater, "");
        study_->include_again(session.rater, "");
    }

    Study& study_;
    std::mt19937_64 random_;
    std::vector<RaterSessionRow> sessions_;
    std::vector<std::vector<std::string>> seen_;
    std::map<std::string, std::int64_t> stored_;  ///< acknowledged and not taken back, by item id
};

/// No item has more than k counted ratings or two of one rater, and none is extra before k are counted.
void check_items(const std::vector<Rating>& ratings, std::uint32_t k) {
    std::map<std::uint64_t, std::size_t> counted;
    std::set<std::pair<std::uint64_t, std::string>> rated_by;
    for (const Rating& rating : ratings) {
        counted[rating.item] += rating.standing == RatingStanding::Counted ? 1 : 0;
        CHECK(rated_by.emplace(rating.item, rating.rater).second);
        if (rating.standing == RatingStanding::Extra) CHECK(counted[rating.item] == k);
    }
    for (const auto& [item, number] : counted) CHECK(number <= k);
}

/// What must hold after any course of events.
void check_invariants(Study& study, const Raters& raters, std::uint32_t k) {
    const std::vector<Rating> ratings = small_study::ratings_of(study);
    check_items(ratings, k);
    std::map<std::string, std::int64_t> in_force;
    for (const Rating& rating : ratings) in_force[rating.assignment] = rating.shown_value;
    CHECK(in_force == raters.stored());
    // What a new process reads is what this one had in memory.
    const std::string live = described(study->status());
    study.restart();
    CHECK(described(study->status()) == live);
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE("in any order of events no item has more than k counted ratings and no answer is lost") {
        const std::size_t schedules = wanted_schedules(60);
        for (std::uint64_t seed = 0; seed < schedules; ++seed) {
            CAPTURE(seed);
            const auto k = static_cast<std::uint32_t>(1 + seed % 3);
            Definition definition = pairwise(k);
            definition.seed = seed;
            Study study(definition, 6);
            Raters raters(study, seed);
            for (int round = 0; round < 6; ++round) {
                for (int step = 0; step < 25; ++step) raters.act();
                check_invariants(study, raters, k);
            }
        }
        MESSAGE(schedules, " schedules of 150 actions by 6 raters");
    }

    TEST_CASE("raters who answer in time never give an item more ratings than it needs") {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            CAPTURE(seed);
            std::mt19937_64 random(seed);
            Definition definition = pairwise(3);
            definition.seed = seed;
            Study study(definition, 10);
            std::vector<RaterSessionRow> sessions(8);
            for (RaterSessionRow& session : sessions) session = study.rater();
            std::vector<std::string> open(sessions.size());
            for (int step = 0; step < 400; ++step) {
                const std::size_t who = random() % sessions.size();
                if (open[who].empty()) {
                    const Page page = study->current(sessions[who]);
                    if (page.item) open[who] = page.item->id;
                } else {
                    study.pass(1000);
                    study->submit(sessions[who], open[who], {.value = 4}, "", 1);
                    open[who].clear();
                }
            }
            const StudyStatus status = study->status();
            CHECK(status.complete == 10);
            CHECK(status.extra == 0);
        }
    }

    TEST_CASE("sides are balanced over each item and each rater and neither side is preferred") {
        std::size_t first_left = 0;
        std::size_t all = 0;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            CAPTURE(seed);
            Definition definition = pairwise(4);
            definition.seed = seed;
            Study study(definition, 30);
            std::vector<RaterSessionRow> sessions(6);
            for (RaterSessionRow& session : sessions) session = study.rater();
            for (bool is_rating = true; is_rating;) {
                is_rating = false;
                for (const RaterSessionRow& session : sessions) is_rating = study.rate_next(session, 4) || is_rating;
            }
            std::map<std::uint64_t, int> of_item;
            std::map<std::string, int> of_rater;
            for (const Rating& rating : harness::store::ratings(study.database(), study.row())) {
                of_item[rating.item] += rating.first_left ? 1 : -1;
                of_rater[rating.rater] += rating.first_left ? 1 : -1;
                first_left += rating.first_left ? 1 : 0;
                ++all;
            }
            for (const auto& [item, balance] : of_item) CHECK(std::abs(balance) <= 2);
            for (const auto& [rater, balance] : of_rater) CHECK(std::abs(balance) <= 4);
        }
        REQUIRE(all == 4800);
        // Independent coins would leave 95 % of such sums within 2400 +- 68; balanced ones are closer.
        CHECK(first_left > 2300);
        CHECK(first_left < 2500);
    }

    TEST_CASE("the same course of events gives the same items and sides") {
        const auto course = [] {
            Study study(pairwise(2), 12);
            std::vector<RaterSessionRow> sessions = {study.rater(), study.rater(), study.rater()};
            std::string seen;
            for (int i = 0; i < 24; ++i) {
                const RaterSessionRow& session = sessions[static_cast<std::size_t>(i) % sessions.size()];
                const Page page = study->current(session);
                if (page.item) seen += page.item->turns.back().content + "|" + page.item->answers.front() + "\n";
                study.rate_next(session, 4);
            }
            return seen;
        };
        CHECK(course() == course());
    }

    TEST_CASE("ids that reach browsers are all different and random") {
        Study study(pairwise(3), 8);
        std::set<std::string> ids;
        std::size_t all = 0;
        for (int rater = 0; rater < 3; ++rater) {
            const RaterSessionRow session = study.rater();
            for (Page page = study->current(session); page.item; page = study->current(session)) {
                CHECK(page.item->id.size() == 32);
                ids.insert(page.item->id);
                ++all;
                study.rate_next(session, 4);
            }
        }
        CHECK(all == 24);
        CHECK(ids.size() == all);
    }
}
