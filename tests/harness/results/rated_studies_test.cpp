#include "harness/results/rated_studies.hpp"

#include <doctest/doctest.h>

#include "harness/store/rating_store.hpp"
#include "harness/store/study_store.hpp"

using namespace harness;
namespace data = reports::data;

namespace {

store::StudyItemRow item(std::uint64_t number, const std::string& kind, char prompt) {
    return {
        .number = number,
        .kind = kind,
        .category = "writing",
        .prompt_hash = std::string(64, prompt),
        .turns_json = R"([{"role":"user","content":"?"}])",
        .answers = {
            {.variant = "chat", .run = "plan-1", .task = "t", .doc = number, .text = "Gr\xC3\xBC\xC3\x9F"},
            {.variant = "base", .run = "plan-2", .task = "t", .doc = number, .text = "As Llama, no", .shown = "no"}}};
}

/// A pairwise study of one rating an item: practice, two rated items of one prompt and a gold item.
struct StoredStudy {
    explicit StoredStudy(const std::string& definition = "{}") {
        std::vector<store::StudyItemRow> rows = {item(0, "practice", 'p'), item(1, "rated", 'q'), item(2, "rated", 'q'),
                                                 item(3, "gold", 'r')};
        rows[3].right = store::RightAnswer{1, 3};
        study = studies.add({.name = "one",
                             .hash = std::string(64, 'a'),
                             .protocol = "pairwise",
                             .raters = 1,
                             .definition_json = definition,
                             .opened = 1000},
                            rows);
        items = studies.items(study.id);
        for (std::uint64_t number = 0; number < 2; ++number) {
            studies.add_rater(study.id,
                              {.id = number == 0 ? "r0" : "r1", .number = number, .note = "Ms Secret", .created = 5});
        }
    }

    void rate(std::size_t number, const std::string& rater, std::int64_t shown, std::uint32_t left_slot,
              store::UnixMs at) {
        const std::string id = rater + "-" + std::to_string(number);
        ratings.add_assignment({.id = id,
                                .item = items.at(number).id,
                                .rater = rater,
                                .left_slot = left_slot,
                                .assigned = 10,
                                .lease_until = 20});
        ratings.add_event({.assignment = id,
                           .at = at,
                           .choice = {.value = shown, .both_bad = false},
                           .seconds = static_cast<double>(number)});
    }

    data::Study read() const { return results::rated_study(database, study, items); }

    store::Database database = store::Database::temporary();
    store::StudyStore studies{database};
    store::RatingStore ratings{database};
    store::StudyRow study;
    std::vector<store::StudyItemRow> items;
};

}  // namespace

TEST_SUITE("results.studies") {
    TEST_CASE("items and variants of a study are read without practice") {
        StoredStudy stored;
        const data::Study study = stored.read();
        CHECK(study.protocol == data::StudyProtocol::Pairwise);
        CHECK(study.variants == std::vector<std::string>{"chat", "base"});
        REQUIRE(study.items.size() == 3);
        CHECK(study.items[0].prompt == study.items[1].prompt);
        CHECK(study.items[0].prompt != study.items[2].prompt);
        CHECK(study.items[2].kind == data::StudyItemKind::Gold);
        CHECK(study.items[2].right->high == 3);
        CHECK(study.items[0].first_length == 4);   // code points
        CHECK(study.items[0].second_length == 2);  // as raters saw it
        CHECK(study.scrubbed == 3);
        CHECK_FALSE(study.is_adaptive);
        CHECK(StoredStudy(R"({"assignment": "adaptive"})").read().is_adaptive);
        CHECK_FALSE(StoredStudy("broken").read().is_adaptive);
    }

    TEST_CASE("ratings are told from the first answer's side in the order of time") {
        StoredStudy stored;
        stored.rate(2, "r0", 1, 1, 100);  // the left answer is much better, and it is the second
        stored.rate(1, "r1", 3, 0, 50);
        stored.rate(3, "r0", 2, 0, 120);
        stored.rate(2, "r1", 5, 0, 130);  // the item has its one rating
        const data::Study study = stored.read();
        REQUIRE(study.ratings.size() == 4);
        CHECK(study.ratings[0].value == 3);
        CHECK(study.ratings[0].rater == 1);
        CHECK(study.ratings[1].value == 7);
        CHECK_FALSE(study.ratings[1].is_first_left);
        CHECK(study.ratings[1].item == 1);
        CHECK(study.ratings[3].standing == data::RatingStanding::Extra);
        CHECK(study.raters[0].median_seconds == 3);
    }

    TEST_CASE("raters are numbered and the notes about them stay in the database") {
        StoredStudy stored;
        stored.studies.set_rater_state("r1", 10, "excluded", "failed gold");
        const data::Study study = stored.read();
        CHECK(study.raters[0].name == "rater 1");
        CHECK(study.raters[1].is_excluded);
        CHECK(study.raters[1].reason == "failed gold");
    }

    TEST_CASE("a report has the studies that rated answers of its runs") {
        StoredStudy stored;
        store::RunRow run;
        run.plan_hash = "plan-2";
        CHECK(results::rated_studies(stored.database, {run}).empty());  // no ratings yet
        stored.rate(1, "r0", 3, 0, 50);
        CHECK(results::rated_studies(stored.database, {run}).size() == 1);
        run.plan_hash = "another";
        CHECK(results::rated_studies(stored.database, {run}).empty());
    }
}
