#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "harness/store/rating_store.hpp"
#include "harness/store/study_ratings.hpp"
#include "tests/harness/study/small_study.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::study;
using harness::store::Choice;
using harness::store::RaterSessionRow;
using harness::store::Rating;
using harness::store::RatingStanding;
using small_study::kMinute;
using small_study::pairwise;
using small_study::ratings_of;
using small_study::Study;

namespace {

CheckItem check(const std::string& prompt, harness::store::RightAnswer right) {
    return {
        .turns = {{"user", prompt}}, .answers = {"good", "bad"}, .right = right, .feedback = "The first is better."};
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE("three raters rate every item and the study is then finished for all") {
        Study study(pairwise(3), 5);
        for (int rater = 0; rater < 3; ++rater) {
            const RaterSessionRow session = study.rater();
            int rated = 0;
            while (study.rate_next(session, 4)) ++rated;
            CHECK(rated == 5);
            CHECK(study->current(session).state == PageState::Finished);
        }
        CHECK(ratings_of(study).size() == 15);
        const RaterSessionRow late = study.rater();
        CHECK(study->current(late).state == PageState::Finished);
        const StudyStatus status = study->status();
        CHECK(status.complete == 5);
        CHECK(status.counted == 15);
        CHECK(status.wanted == 15);
        CHECK(status.extra == 0);
    }

    TEST_CASE("a link begins one session and no other study takes it") {
        Study study(pairwise(), 2);
        const Invitation link = study->invite(1, "Ada").front();
        CHECK_FALSE(study->begin_session(link.token + "0").has_value());
        CHECK_FALSE(study->begin_session("").has_value());
        Definition other = pairwise();
        other.name = "other";
        small_study::add(study.database(), other, 3);
        StudyService second(study.database(), "other", [] { return small_study::kStart; });
        CHECK_FALSE(second.begin_session(link.token).has_value());
        const auto begun = study->begin_session(link.token);
        REQUIRE(begun.has_value());
        CHECK_FALSE(study->begin_session(link.token).has_value());
        CHECK(study->session(begun->secret)->rater == link.rater);
        CHECK_FALSE(second.session(begun->secret).has_value());
        CHECK_FALSE(study->session(link.token).has_value());
        study->end_session(begun->session);
        CHECK_FALSE(study->session(begun->secret).has_value());
    }

    TEST_CASE("another link of a rater goes on at another device with the draft") {
        Study study(pairwise(), 3);
        const Invitation link = study->invite(1, "").front();
        const RaterSessionRow laptop = study->begin_session(link.token)->session;
        const std::string item = study->current(laptop).item->id;
        CHECK(study->save_draft(laptop, item, {.value = 6, .both_bad = true}, "hm", 12.5));
        study.restart();
        const RaterSessionRow phone = study->begin_session(study->new_link(link.rater).token)->session;
        const ShownItem shown = study->current(phone).item.value();
        CHECK(shown.id == item);
        CHECK(shown.choice == Choice{.value = 6, .both_bad = true});
        CHECK(shown.note == "hm");
        CHECK(shown.seconds == 12.5);
    }

    TEST_CASE("an item taken back is open again with its choice and its place is lost") {
        Study study(pairwise(1), 2);
        const RaterSessionRow session = study.rater();
        CHECK_FALSE(study->undo(session));
        const std::string item = study->current(session).item->id;
        study->submit(session, item, {.value = 7}, "sure", 9);
        CHECK(study->current(session).can_undo);
        CHECK(study->undo(session));
        CHECK(ratings_of(study).empty());
        const ShownItem again = study->current(session).item.value();
        CHECK(again.id == item);
        CHECK(again.choice == Choice{.value = 7});
        CHECK(again.note == "sure");
        CHECK(study->submit(session, item, {.value = 2}, "", 1).outcome == SubmitOutcome::Stored);
        CHECK(ratings_of(study).front().shown_value == 2);
        CHECK(harness::store::RatingStore(study.database()).events(study.row().id).size() == 3);
    }

    TEST_CASE("only the session that submitted an item changes it or takes it back") {
        Study study(pairwise(1), 2);
        const RaterSessionRow session = study.rater();
        const std::string item = study->current(session).item->id;
        study->submit(session, item, {.value = 7}, "", 9);
        CHECK(study->submitted(session) == std::vector<std::string>{item});
        CHECK(study->look(session, item)->choice == Choice{.value = 7});
        CHECK(study->submit(session, item, {.value = 6}, "", 9).outcome == SubmitOutcome::Stored);
        CHECK(ratings_of(study).front().shown_value == 6);
        const RaterSessionRow later = study->begin_session(study->new_link(session.rater).token)->session;
        CHECK(study->submit(later, item, {.value = 1}, "", 9).outcome == SubmitOutcome::NotYours);
        CHECK_FALSE(study->undo(later));
        CHECK_FALSE(study->look(later, item).has_value());
        CHECK(ratings_of(study).front().shown_value == 6);
    }

    TEST_CASE("a rater reaches no item of another and none that was made up") {
        Study study(pairwise(3), 3);
        const RaterSessionRow ada = study.rater();
        const RaterSessionRow eve = study.rater();
        const std::string item = study->current(ada).item->id;
        for (const std::string& id : {item, std::string("0"), std::string(32, 'f'), std::string()}) {
            CAPTURE(id);
            CHECK(study->submit(eve, id, {.value = 1}, "", 1).outcome == SubmitOutcome::NotYours);
            CHECK_FALSE(study->save_draft(eve, id, {.value = 1}, "", 1));
            CHECK_FALSE(study->renew(eve, id));
            CHECK_FALSE(study->skip(eve, id, "other", ""));
            CHECK_FALSE(study->look(eve, id).has_value());
        }
        CHECK(ratings_of(study).empty());
    }

    TEST_CASE("a skipped item goes to others and never back") {
        Study study(pairwise(1), 1);
        const RaterSessionRow session = study.rater();
        const std::string item = study->current(session).item->id;
        CHECK_FALSE(study->skip(session, item, "bored", ""));
        CHECK(study->skip(session, item, "offensive", "no"));
        CHECK(study->current(session).state == PageState::Finished);
        CHECK(study->submit(session, item, {.value = 1}, "", 1).outcome == SubmitOutcome::NotYours);
        CHECK(study->current(study.rater()).state == PageState::Rating);
        CHECK(study->status().skips == std::map<std::string, std::size_t>{{"offensive", 1}});
        CHECK(harness::store::skips(study.database(), study.row()).front().note == "no");
    }

    TEST_CASE("an incomplete choice is not stored and the message says what is missing") {
        Study study(pairwise(1), 1);
        const RaterSessionRow session = study.rater();
        const std::string item = study->current(session).item->id;
        for (const Choice& choice : {Choice{}, Choice{.value = 0}, Choice{.value = 8}, Choice{.both_bad = true},
                                     Choice{.value = 3, .left_safe = true}}) {
            const SubmitResult result = study->submit(session, item, choice, "", 1);
            CHECK(result.outcome == SubmitOutcome::Incomplete);
            CHECK_FALSE(result.message.empty());
        }
        CHECK(ratings_of(study).empty());
    }

    TEST_CASE("time at work is at most the time that passed") {
        Study study(pairwise(1), 1);
        const RaterSessionRow session = study.rater();
        const std::string item = study->current(session).item->id;
        study.pass(30'000);
        study->submit(session, item, {.value = 3}, "", 1e9);
        CHECK(ratings_of(study).front().seconds == 30);
    }

    TEST_CASE("times that are no numbers and endless notes do no harm") {
        Study study(pairwise(1), 3);
        const RaterSessionRow session = study.rater();
        for (const double seconds : {std::nan(""), -5.0, std::numeric_limits<double>::infinity()}) {
            const std::string item = study->current(session).item->id;
            CHECK(study->save_draft(session, item, {.value = 99}, "", seconds));
            CHECK_FALSE(study->save_draft(session, item, {}, std::string(4001, 'x'), 1));
            CHECK_FALSE(study->skip(session, item, "other", std::string(4001, 'x')));
            CHECK(study->submit(session, item, {.value = 1}, std::string(4001, 'x'), 1).outcome ==
                  SubmitOutcome::Incomplete);
            CHECK(study->submit(session, item, {.value = 1}, "", seconds).outcome == SubmitOutcome::Stored);
        }
        for (const Rating& rating : ratings_of(study)) CHECK(rating.seconds == 0);
    }

    TEST_CASE("a paused or closed study takes no answers and gives no items") {
        Study study(pairwise(1), 2);
        const RaterSessionRow session = study.rater();
        const std::string item = study->current(session).item->id;
        study->pause("lunch");
        CHECK(study->current(session).state == PageState::Paused);
        CHECK(study->submit(session, item, {.value = 1}, "", 1).outcome == SubmitOutcome::NotNow);
        study->resume("");
        CHECK(study->submit(session, item, {.value = 1}, "", 1).outcome == SubmitOutcome::Stored);
        study->close("done");
        CHECK_FALSE(study->undo(session));
        CHECK(study->current(session).state == PageState::Closed);
        study.restart();
        CHECK(study->current(session).state == PageState::Closed);
    }

    TEST_CASE("an excluded rater's ratings are kept and marked and their items go to others") {
        Study study(pairwise(1), 2);
        const RaterSessionRow bad = study.rater();
        while (study.rate_next(bad, 1)) {
        }
        const RaterSessionRow good = study.rater();
        CHECK(study->current(good).state == PageState::Finished);
        CHECK(study->exclude(bad.rater, "clicks the first point"));
        CHECK(study->current(bad).state == PageState::Excluded);
        while (study.rate_next(good, 5)) {
        }
        std::map<RatingStanding, int> standings;
        for (const Rating& rating : ratings_of(study)) ++standings[rating.standing];
        CHECK(standings == std::map<RatingStanding, int>{{RatingStanding::Counted, 2}, {RatingStanding::Excluded, 2}});
        CHECK(study->include_again(bad.rater, "a mistake"));
        standings.clear();
        for (const Rating& rating : ratings_of(study)) {
            ++standings[rating.standing];
            if (rating.standing == RatingStanding::Counted) CHECK(rating.rater == bad.rater);
        }
        CHECK(standings == std::map<RatingStanding, int>{{RatingStanding::Counted, 2}, {RatingStanding::Extra, 2}});
        CHECK_FALSE(study->exclude("nobody", ""));
    }

    TEST_CASE("practice comes first with feedback and never counts") {
        Definition definition = pairwise(1);
        definition.practice = {check("practice 1", {1, 3}), check("practice 2", {1, 3})};
        Study study(definition, 2);
        const RaterSessionRow session = study.rater();
        for (const bool is_right : {true, false}) {
            const Page page = study->current(session);
            REQUIRE(page.item->is_practice);
            const bool first_left = page.item->answers.front() == "good";
            const std::int64_t value = first_left == is_right ? 2 : 6;
            const SubmitResult result = study->submit(session, page.item->id, {.value = value}, "", 1);
            REQUIRE(result.feedback.has_value());
            CHECK(result.feedback->is_right == is_right);
            CHECK(result.feedback->text == "The first is better.");
            CHECK_FALSE(study->undo(session));
            CHECK(study->submit(session, page.item->id, {.value = 2}, "", 1).outcome == SubmitOutcome::NotYours);
        }
        CHECK_FALSE(study->current(session).item->is_practice);
        CHECK(study->status().counted == 0);
        CHECK(study->progress(session).done == 0);
    }

    TEST_CASE("hidden checks come once in every so many items and are counted per rater") {
        Definition definition = pairwise(1);
        definition.check_every = 5;
        definition.gold = {check("gold 1", {1, 3}), check("gold 2", {1, 3})};
        definition.attention = {check("attention", {5, 7})};
        Study study(definition, 40);
        const RaterSessionRow session = study.rater();
        std::vector<std::size_t> places;
        for (std::size_t i = 0; study->current(session).item; ++i) {
            const ShownItem item = study->current(session).item.value();
            CHECK_FALSE(item.is_practice);
            if (item.answers.front() == "good" || item.answers.back() == "good") places.push_back(i / 5);
            study.rate_next(session, item.answers.front() == "good" ? 2 : 6);
        }
        CHECK(places == std::vector<std::size_t>{0, 1, 2});
        const RaterStatus status = study->status().raters.front();
        CHECK(status.gold == 2);
        CHECK(status.gold_right == 2);
        CHECK(status.attention == 1);
        CHECK(status.attention_right == 0);
        CHECK(study->status().counted == 40);
    }

    TEST_CASE("a break is due after a session's items and ends by itself") {
        Definition definition = pairwise(1);
        definition.session_items = 3;
        definition.break_minutes = 15;
        Study study(definition, 10);
        const RaterSessionRow session = study.rater();
        for (int i = 0; i < 3; ++i) CHECK(study.rate_next(session, 4));
        const Page page = study->current(session);
        CHECK(page.state == PageState::Break);
        CHECK(page.resume_at == study.now() + 15 * kMinute);
        study.restart();
        CHECK(study->current(session).state == PageState::Break);
        study.pass(15 * kMinute);
        for (int i = 0; i < 3; ++i) CHECK(study.rate_next(session, 4));
        CHECK(study->current(session).state == PageState::Break);
    }

    TEST_CASE("nobody is sent to a break after the last item") {
        Definition definition = pairwise(1);
        definition.session_items = 3;
        definition.break_minutes = 15;
        Study study(definition, 3);
        const RaterSessionRow session = study.rater();
        for (int i = 0; i < 3; ++i) CHECK(study.rate_next(session, 4));
        CHECK(study->current(session).state == PageState::Finished);
    }

    TEST_CASE("a rater gets no more than their share of the items") {
        Definition definition = pairwise(1);
        definition.items_per_rater = 4;
        Study study(definition, 10);
        const RaterSessionRow session = study.rater();
        CHECK(study->progress(session).left == 4);
        int rated = 0;
        while (study.rate_next(session, 4)) ++rated;
        CHECK(rated == 4);
        CHECK(study->progress(session).left == 0);
        CHECK(study->current(session).state == PageState::Finished);
    }

    TEST_CASE("a preference needs a safety tick for each answer and becomes a pair with strength and bin") {
        Definition definition = pairwise(1);
        definition.protocol = Protocol::Preference;
        Study study(definition, 1);
        const RaterSessionRow session = study.rater();
        const ShownItem item = study->current(session).item.value();
        CHECK(study->submit(session, item.id, {.value = 7, .left_safe = true}, "", 1).outcome ==
              SubmitOutcome::Incomplete);
        study->submit(session, item.id, {.value = 7, .left_safe = false, .right_safe = true}, "", 1);
        const auto pairs = harness::store::preference_ratings(study.database(), study.row());
        REQUIRE(pairs.size() == 1);
        CHECK(pairs[0].chosen == item.answers[1]);
        CHECK(pairs[0].rejected == item.answers[0]);
        CHECK(pairs[0].strength == "better");
        CHECK(pairs[0].bin == "chosen_safe");
    }

    TEST_CASE("another process that writes to the study is seen at the next call") {
        const Temporary folder;
        const harness::store::Database mine(folder / "a.sqlite", harness::store::OpenMode::Create);
        small_study::add(mine, pairwise(1), 1);
        const harness::store::Database theirs(folder / "a.sqlite", harness::store::OpenMode::ReadWrite);
        StudyService here(mine, "small", [] { return small_study::kStart; });
        StudyService there(theirs, "small", [] { return small_study::kStart; });
        const RaterSessionRow one = here.begin_session(here.invite(1, "").front().token)->session;
        const RaterSessionRow two = there.begin_session(there.invite(1, "").front().token)->session;
        CHECK(there.status().raters.size() == 2);
        CHECK(here.current(one).state == PageState::Rating);
        CHECK(there.current(two).state == PageState::Waiting);
        there.pause("");
        CHECK(here.current(one).state == PageState::Paused);
    }
}
