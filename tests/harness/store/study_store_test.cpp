#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/study_merge.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

const std::string kHash(64, 'a');

StudyRow study(const std::string& protocol = "pairwise", std::uint32_t raters = 2) {
    return {
        .name = "one", .hash = kHash, .protocol = protocol, .raters = raters, .definition_json = "{}", .opened = 1000};
}

std::vector<StudyItemRow> items(std::size_t answers = 2) {
    std::vector<StudyItemRow> rows;
    for (std::uint64_t number = 0; number < 3; ++number) {
        StudyItemRow item{.number = number,
                          .category = "c",
                          .prompt_hash = std::string(64, static_cast<char>('0' + number)),
                          .turns_json = R"([{"role":"user","content":"?"}])",
                          .answers = {}};
        for (std::size_t slot = 0; slot < answers; ++slot) {
            item.answers.push_back({.variant = slot == 0 ? "v" : "w",
                                    .run = "plan",
                                    .task = "t",
                                    .doc = number,
                                    .position = slot,
                                    .text = "text " + std::to_string(slot) + std::string("\xFF\0x", 3)});
        }
        rows.push_back(item);
    }
    rows[1].kind = "gold";
    rows[1].right = RightAnswer{1, 3};
    rows[2].answers[0].shown = "";
    rows[2].answers[0].changes_json = "[1]";
    return rows;
}

/// A database with the study, and steps as raters' pages take them.
struct Site {
    explicit Site(const std::string& protocol = "pairwise", std::uint32_t raters = 2)
        : row(StudyStore(db).add(study(protocol, raters), items(protocol == "pairwise"     ? 2
                                                                : protocol == "preference" ? 2
                                                                                           : 1))),
          item_rows(StudyStore(db).items(row.id)) {}

    void rater(const std::string& id) { StudyStore(db).add_rater(row.id, {.id = id, .created = 5}); }
    void give(const std::string& id, std::size_t item, const std::string& to, std::uint32_t left_slot = 0) {
        RatingStore(db).add_assignment({.id = id,
                                        .item = item_rows.at(item).id,
                                        .rater = to,
                                        .left_slot = left_slot,
                                        .assigned = 10,
                                        .lease_until = 20});
    }
    void event(const std::string& assignment, UnixMs at, const std::string& kind, Choice choice = {}) {
        RatingStore(db).add_event({.assignment = assignment, .at = at, .kind = kind, .choice = choice, .seconds = 1});
    }
    std::vector<Rating> all() const { return ratings(db, row); }

    Database db = Database::temporary();
    StudyRow row;
    std::vector<StudyItemRow> item_rows;
};

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("a study is read back as written with answers of any bytes") {
        Site site;
        StudyRow expected = study();
        expected.id = 1;
        CHECK(site.row == expected);
        std::vector<StudyItemRow> rows = items();
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = site.item_rows[i].id;
        CHECK(site.item_rows == rows);
        CHECK(site.item_rows[2].answers[0].shown_text().empty());
        CHECK(site.item_rows[0].answers[0].shown_text() == site.item_rows[0].answers[0].text);
    }

    TEST_CASE("the same study is added once and another of its name is refused") {
        Site site;
        StudyStore studies(site.db);
        CHECK(studies.add(study(), items()).id == site.row.id);
        StudyRow other = study();
        other.hash = std::string(64, 'b');
        CHECK_THROWS_AS(studies.add(other, items()), StoreError);
        other.name = "two";
        studies.add(other, items());
        CHECK(studies.studies().size() == 2);
    }

    TEST_CASE("states of studies and raters are kept in the order in which they were set") {
        Site site;
        site.rater("r");
        StudyStore studies(site.db);
        for (const char* state : {"paused", "open", "closed"}) {
            studies.set_state(site.row.id, 2000, state);
            CHECK(studies.find("one")->state == state);
        }
        studies.set_rater_state("r", 1, "excluded", "slow");
        CHECK(studies.raters(site.row.id)[0].excluded);
        CHECK(studies.raters(site.row.id)[0].reason == "slow");
        studies.set_rater_state("r", 1, "active", "again");
        CHECK_FALSE(studies.raters(site.row.id)[0].excluded);
        CHECK_THROWS_AS(studies.set_state(site.row.id, 3000, "open soon"), StoreError);
    }

    TEST_CASE("values of a comparison are read from the first answer's side") {
        CHECK(canonical_value("pairwise", 2, true) == 2);
        CHECK(canonical_value("pairwise", 2, false) == 6);
        CHECK(canonical_value("pairwise", 4, false) == 4);
        CHECK(canonical_value("preference", 1, false) == 8);
        CHECK(canonical_value("safety", 2, false) == 2);
        Site site;
        site.rater("r");
        site.give("x", 0, "r", 1);
        site.event("x", 30, "submit", {.value = 1});
        CHECK(site.all()[0].value == 7);
        CHECK(site.all()[0].shown_value == 1);
        CHECK_FALSE(site.all()[0].first_left);
    }

    TEST_CASE("the last event of an assignment counts and an edit keeps its place") {
        Site site("pairwise", 1);
        for (const char* rater : {"r", "s"}) site.rater(rater);
        site.give("x", 0, "r");
        site.give("y", 0, "s");
        site.event("x", 30, "submit", {.value = 1});
        site.event("y", 40, "submit", {.value = 2});
        site.event("x", 50, "edit", {.value = 3, .both_bad = true});
        std::vector<Rating> all = site.all();
        REQUIRE(all.size() == 2);
        CHECK(all[0].value == 3);
        CHECK(all[0].both_bad);
        CHECK(all[0].standing == RatingStanding::Counted);
        CHECK(all[1].standing == RatingStanding::Extra);
        site.event("x", 60, "undo");
        CHECK(site.all().size() == 1);
        CHECK(site.all()[0].standing == RatingStanding::Counted);
        site.event("x", 70, "submit", {.value = 5});
        all = site.all();
        CHECK(all[0].rater == "s");
        CHECK(all[1].standing == RatingStanding::Extra);
        site.event("y", 80, "undo");
        site.event("y", 90, "skip");
        CHECK(site.all().size() == 1);
        CHECK(skips(site.db, site.row).size() == 1);
    }

    TEST_CASE("checks have no limit of ratings") {
        Site site("pairwise", 1);
        for (const std::string rater : {"r", "s", "t"}) {
            site.rater(rater);
            site.give("x" + rater, 1, rater);
            site.event("x" + rater, 30, "submit", {.value = 1});
        }
        for (const Rating& rating : site.all()) CHECK(rating.standing == RatingStanding::Counted);
    }

    TEST_CASE("an item is given to a rater once and an event needs a value") {
        Site site;
        site.rater("r");
        site.give("x", 0, "r");
        CHECK_THROWS_AS(site.give("y", 0, "r"), StoreError);
        CHECK_THROWS_AS(site.give("z", 1, "nobody"), StoreError);
        CHECK_THROWS_AS(site.event("x", 30, "submit"), StoreError);
        CHECK_THROWS_AS(site.event("x", 30, "undo", {.value = 1}), StoreError);
        CHECK_THROWS_AS(site.event("q", 30, "submit", {.value = 1}), StoreError);
        site.event("x", 30, "submit", {.value = 1});
        CHECK_THROWS_AS(site.event("x", 30, "edit", {.value = 2}), StoreError);
    }

    TEST_CASE("a draft is replaced by the next and dropped by an event") {
        Site site;
        site.rater("r");
        site.give("x", 0, "r");
        RatingStore store(site.db);
        store.save_draft({.assignment = "x", .at = 30, .choice = {.value = 2}, .note = "a", .seconds = 1});
        const DraftRow draft{.assignment = "x", .at = 31, .choice = {.left_safe = false}, .note = "b", .seconds = 2};
        store.save_draft(draft);
        CHECK(store.draft("x") == draft);
        site.event("x", 40, "submit", {.value = 1});
        CHECK_FALSE(store.draft("x").has_value());
    }

    TEST_CASE("preferences become pairs with strength and bin") {
        Site site("preference", 9);
        struct Case {
            std::int64_t value;
            bool first_safe, second_safe;
            const char* expected;
        };
        const Case kCases[] = {{1, true, false, "text 0 significantly chosen_safe"},
                               {2, true, true, "text 0 better both_safe"},
                               {4, false, true, "text 0 negligible chosen_unsafe"},
                               {5, false, false, "text 1 negligible both_unsafe"},
                               {6, false, true, "text 1 slightly chosen_safe"},
                               {8, true, false, "text 1 significantly chosen_unsafe"}};
        int number = 0;
        for (const Case& one : kCases) {
            const std::string rater = "r" + std::to_string(number++);
            site.rater(rater);
            // Every other rater sees the second answer on the left.
            const bool first_left = number % 2 == 0;
            site.give(rater, 0, rater, first_left ? 0 : 1);
            site.event(rater, 30, "submit",
                       {.value = first_left ? one.value : 9 - one.value,
                        .left_safe = first_left ? one.first_safe : one.second_safe,
                        .right_safe = first_left ? one.second_safe : one.first_safe});
        }
        const std::vector<PreferenceRating> pairs = preference_ratings(site.db, site.row);
        REQUIRE(pairs.size() == std::size(kCases));
        for (std::size_t i = 0; i < pairs.size(); ++i)
            CHECK(pairs[i].chosen.substr(0, 6) + " " + pairs[i].strength + " " + pairs[i].bin == kCases[i].expected);
        CHECK(preference_ratings(site.db, study("pairwise")).empty());
    }

    TEST_CASE("people's labels of a run's answers are found by task and document and position") {
        Site site("safety", 2);
        RunStore runs(site.db);
        RunRow plan;
        plan.plan_hash = "plan";
        plan.plan_json = "{}";
        plan.model_fingerprint = "f";
        plan.variant = "v";
        const RunRow run = runs.open_run({.fingerprint = "f", .name = "m", .source = "s", .card_json = "{}"}, plan,
                                         {{.task = "other", .version = 1, .profile = "p", .definition_json = "{}"},
                                          {.task = "t", .version = 1, .profile = "p", .definition_json = "{}"}});
        for (const char* rater : {"r", "s"}) site.rater(rater);
        site.give("x", 2, "r");
        site.give("y", 2, "s");
        site.give("g", 1, "s");
        site.event("x", 30, "submit", {.value = 1});
        site.event("y", 31, "submit", {.value = 5});
        site.event("g", 32, "submit", {.value = 5});
        const std::vector<AnswerLabel> labels = answer_labels(site.db, run.id);
        REQUIRE(labels.size() == 2);  // the gold item is no label
        CHECK(labels[0].run_task == runs.tasks(run.id)[1].id);
        CHECK(labels[0].doc == 2);
        CHECK(labels[0].position == 0);
        CHECK(labels[0].value == 1);
        CHECK(labels[1].rater == "s");
        CHECK(labels[1].protocol == "safety");
        CHECK(answer_labels(site.db, run.id + 1).empty());
    }

    TEST_CASE("databases of two sites merge to what one site would have") {
        Site here;
        Site there;
        const auto rate = [](Site& site, const std::string& rater, UnixMs at) {
            site.rater(rater);
            site.give("x" + rater, 0, rater);
            site.event("x" + rater, at, "submit", {.value = 2});
        };
        rate(here, "a", 30);
        rate(there, "b", 29);
        rate(there, "c", 31);
        const MergedStudies merged = merge_studies(there.db, here.db);
        CHECK(merged.studies == 1);
        CHECK(merged.raters == 2);
        CHECK(merged.events == 2);
        const std::vector<Rating> all = here.all();
        REQUIRE(all.size() == 3);
        CHECK(all[0].rater == "b");
        CHECK(all[1].rater == "a");
        CHECK(all[2].standing == RatingStanding::Extra);
        CHECK(merge_studies(there.db, here.db).events == 0);
        CHECK(merge_studies(here.db, there.db).events == 1);
        CHECK(there.all().size() == 3);
    }

    TEST_CASE("sites whose events contradict each other are not merged at all") {
        Site here;
        Site there;
        for (Site* site : {&here, &there}) {
            site->rater("a");
            site->give("x", 0, "a");
        }
        here.event("x", 30, "submit", {.value = 2});
        there.event("x", 30, "submit", {.value = 3});
        there.rater("b");
        CHECK_THROWS_AS(merge_studies(there.db, here.db), StoreError);
        CHECK(StudyStore(here.db).raters(here.row.id).size() == 1);
    }

    TEST_CASE("forged ratings and items are errors and no crash") {
        const Temporary folder;
        {
            const Database database(folder / "a.sqlite", OpenMode::Create);
            StudyStore(database).add(study("preference"), items());
        }
        RawSqlite raw(folder / "a.sqlite");
        raw.run("INSERT INTO rater VALUES ('r', 1, 0, '', 0)");
        raw.run("INSERT INTO assignment VALUES ('x', 1, 'r', 0, 0, 0)");
        raw.run("INSERT INTO rating_event VALUES ('x', 1, 'submit', '', 99, NULL, NULL, NULL, '', '', 0, '')");
        const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
        const StudyRow row = StudyStore(database).find("one").value();
        CHECK_THROWS_AS(preference_ratings(database, row), StoreError);
        raw.run("DELETE FROM study_answer WHERE item = 1");
        raw.run("DELETE FROM rating_event");
        raw.run("DELETE FROM assignment");
        raw.run("DELETE FROM study_item WHERE number = 0");
        const Database again(folder / "a.sqlite", OpenMode::ReadOnly);
        CHECK_THROWS_AS(StudyStore(again).items(1), StoreError);
    }
}
