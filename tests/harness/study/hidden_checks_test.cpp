#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::RaterSessionRow;
using small_study::kMinute;
using small_study::pairwise;
using small_study::Study;

namespace {

constexpr std::size_t kItems = 40;

CheckItem check(const std::string& prompt) {
    return {.turns = {{"user", prompt}}, .answers = {"good", "bad"}, .right = {1, 3}};
}

Definition with_checks() {
    Definition definition = pairwise(1);
    definition.check_every = 4;
    definition.gold = {check("gold 1"), check("gold 2"), check("gold 3")};
    definition.attention = {check("attention 1"), check("attention 2")};
    return definition;
}
constexpr std::size_t kChecks = 5;

std::string said(const Page& page) {
    const Progress& progress = page.progress;
    std::string text;
    for (const std::size_t number : {static_cast<std::size_t>(page.state), static_cast<std::size_t>(page.can_undo),
                                     static_cast<std::size_t>(page.resume_at.value_or(0)), progress.done, progress.left,
                                     progress.open, progress.practice_left, progress.since_break})
        text += std::to_string(number) + " ";
    return text;
}

/// What a rater who skips, takes back, edits and has breaks is told at each step, texts and ids left out.
std::vector<std::string> told(const Definition& definition, std::size_t items) {
    Study study(definition, items);
    const RaterSessionRow session = study.rater();
    std::vector<std::string> steps;
    for (int step = 0; step < 200; ++step) {
        const Page page = study->current(session);
        steps.push_back(said(page));
        if (page.state == PageState::Finished) break;
        study.pass(page.state == PageState::Break ? 15 * kMinute : 1000);
        if (!page.item) continue;
        const std::string& item = page.item->id;
        if (step % 6 == 4) {
            steps.push_back(study->skip(session, item, "other", "") ? "skipped" : "not skipped");
            continue;
        }
        const SubmitResult result = study->submit(session, item, {.value = 3}, "", 1);
        steps.push_back(std::to_string(static_cast<int>(result.outcome)) + result.message +
                        (result.feedback ? "feedback" : ""));
        steps.push_back(std::to_string(study->submitted(session).size()));
        if (step % 7 == 5) steps.push_back(study->undo(session) ? "undone" : "not undone");
        if (step % 7 == 6) {
            const bool is_edited = study->submit(session, item, {.value = 5}, "", 1).outcome == SubmitOutcome::Stored;
            steps.push_back(is_edited ? "edited" : "not edited");
        }
    }
    return steps;
}

std::size_t total(const Progress& progress) {
    return progress.done + progress.open + progress.left;
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE(
        "a study with hidden checks tells a rater the same at every step as one whose checks are ordinary items") {
        for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
            for (const std::uint64_t share : {0, 13, 30}) {
                CAPTURE(seed);
                CAPTURE(share);
                Definition checked = with_checks();
                checked.seed = seed;
                checked.items_per_rater = share;
                checked.session_items = 7;
                Definition ordinary = checked;
                ordinary.gold.clear();
                ordinary.attention.clear();
                CHECK(told(checked, kItems) == told(ordinary, kItems + kChecks));
            }
        }
    }

    TEST_CASE("a study that is too short for its checks promises only those that come") {
        for (std::size_t items = 1; items < 24; ++items) {
            CAPTURE(items);
            Study study(with_checks(), items);
            const RaterSessionRow session = study.rater();
            const std::size_t promised = total(study->progress(session));
            std::size_t rated = 0;
            while (study.rate_next(session, 4)) ++rated;
            CHECK(rated == promised);
        }
    }

    TEST_CASE("giving out an item or a check and answering it never changes the number that a rater has in all") {
        std::size_t checks = 0;
        for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
            std::mt19937_64 random(seed);
            Definition definition = with_checks();
            definition.seed = seed;
            definition.raters_per_item = 2;
            Study study(definition, kItems);
            const std::vector<RaterSessionRow> sessions = {study.rater(), study.rater(), study.rater()};
            for (int step = 0; step < 150; ++step) {
                const RaterSessionRow& session = sessions[random() % sessions.size()];
                const std::size_t before = total(study->progress(session));
                const Page page = study->current(session);
                if (!page.item) continue;
                CHECK(total(page.progress) == before);
                checks += page.item->answers[0] == "good" || page.item->answers[1] == "good" ? 1 : 0;
                if (random() % 3 == 0) continue;
                study->submit(session, page.item->id, {.value = 4}, "", 1);
                CHECK(total(study->progress(session)) == before);
            }
        }
        CHECK(checks > 40);
    }
}
