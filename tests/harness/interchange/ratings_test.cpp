#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/interchange/error.hpp"
#include "harness/interchange/labels_import.hpp"
#include "harness/interchange/preference_pairs.hpp"
#include "harness/interchange/ratings_export.hpp"
#include "harness/interchange/ratings_import.hpp"
#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/study_store.hpp"

using namespace harness;
using interchange::InterchangeError;
using interchange::RatingFormat;
using nlohmann::json;
using store::Database;
using store::StudyStore;

namespace {

const std::string kOdd = "say \"hi\",\r\nthen\ttab; =1+1 \xE2\x80\xAE end ";

/// A study of two comparisons with awkward texts: two ratings of the first item, the second answer left once, one of an
/// excluded rater; the second item unrated.
struct Rated {
    explicit Rated(const std::string& protocol) {
        const std::string turns = R"([{"role":"system","content":"s"},{"role":"user","content":"Hi, \"you\"\n"}])";
        std::vector<store::StudyItemRow> items(2);
        for (std::uint64_t i = 0; i < items.size(); ++i) {
            items[i].number = i;
            items[i].category = "c,d";
            items[i].prompt_hash = std::string(64, '1');
            items[i].turns_json = turns;
            items[i].answers = {{.variant = "v", .run = "r", .task = "t", .doc = i, .position = 1, .text = kOdd},
                                {.variant = "w", .text = "\xFF broken"}};
        }
        items[0].answers[1].shown = "[assistant] broken";
        items[0].answers[1].changes_json = R"([{"from":"x"}])";
        items[1].kind = "gold";
        items[1].right = store::RightAnswer{1, 3};
        study = StudyStore(db).add({.name = "odd, one",
                                    .hash = std::string(64, 'e'),
                                    .protocol = protocol,
                                    .raters = 2,
                                    .definition_json = "{}",
                                    .opened = 1},
                                   items);
        rate("a", 0, 2, 10);
        rate("b", 1, 1, 20);
        rate("bad", 0, 5, 5);
        StudyStore(db).set_rater_state("bad", 30, "excluded", "random");
    }

    void rate(const std::string& rater, std::uint32_t left_slot, std::int64_t value, store::UnixMs at) {
        StudyStore(db).add_rater(study.id, {.id = rater, .created = 1});
        store::RatingStore ratings(db);
        ratings.add_assignment({.id = "x" + rater,
                                .item = StudyStore(db).items(study.id)[0].id,
                                .rater = rater,
                                .left_slot = left_slot,
                                .assigned = 2,
                                .lease_until = 3});
        store::Choice choice{.value = value};
        if (study.protocol == "pairwise") choice.both_bad = true;
        if (study.protocol == "preference") choice.left_safe = true;
        if (study.protocol == "preference") choice.right_safe = false;
        ratings.add_event(
            {.assignment = "x" + rater, .at = at, .choice = choice, .seconds = 0.1 + static_cast<double>(at)});
    }

    std::string exported(RatingFormat format) const { return text_of(db, study, format); }

    static std::string text_of(const Database& database, const store::StudyRow& row, RatingFormat format) {
        std::string text;
        interchange::export_ratings(database, row, format, [&text](std::string_view piece) { text += piece; });
        return text;
    }

    Database db = Database::temporary();
    store::StudyRow study;
};

std::string mistake(const std::string& text, const std::string& name = "file.jsonl") {
    try {
        interchange::study_of(interchange::parse_rating_rows(text, name), "", name);
    } catch (const InterchangeError& error) {
        return error.what();
    }
    return "no mistake";
}

std::vector<json> lines_of(const std::string& text) {
    std::vector<json> lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        lines.push_back(json::parse(text.substr(at, text.find('\n', at) - at)));
    return lines;
}

/// A run of one generating task with two documents and two samples each.
store::RunRow add_run(const Database& database) {
    store::RunStore runs(database);
    store::RunRow plan;
    plan.plan_hash = "plan";
    plan.plan_json = "{}";
    plan.model_fingerprint = "f";
    plan.variant = "v";
    store::RunRow run = runs.open_run(
        {"f", "m", "s", "{}"}, plan,
        {{.task = "t", .version = 1, .profile = "p", .definition_json = "{}", .planned_items = 2, .kind = "generate"}});
    std::vector<store::ItemRow> items(2);
    for (std::uint64_t doc = 0; doc < 2; ++doc) {
        items[doc].doc = doc;
        items[doc].document_json = R"({"id":"p)" + std::to_string(doc) + R"("})";
        for (const char* output : {"yes", "no"})
            items[doc].requests.push_back(
                {.kind = "generate", .context = "ask " + std::to_string(doc), .output = output + std::to_string(doc)});
    }
    runs.add_items(runs.tasks(run.id)[0].id, items);
    return run;
}

std::vector<store::AnswerLabel> imported_labels(const Database& database, const store::RunRow& run,
                                                const std::string& protocol, const std::string& text) {
    const auto labels =
        interchange::read_labels(store::RunStore(database),
                                 {.path = "labels.jsonl", .protocol = protocol, .name = "people", .runs = {run}}, text);
    interchange::store_study(database, labels.study);
    return store::answer_labels(database, run.id);
}

}  // namespace

TEST_SUITE("harness.interchange") {
    TEST_CASE("ratings go to another database and back with the same bytes as rows and as a table") {
        for (const std::string protocol : {"pairwise", "preference"}) {
            const Rated here(protocol);
            for (const auto& file :
                 {std::pair{RatingFormat::Jsonl, "r.jsonl"}, std::pair{RatingFormat::Csv, "r.csv"}}) {
                const RatingFormat format = file.first;
                const char* name = file.second;
                CAPTURE(protocol);
                CAPTURE(std::string(name));
                const std::string text = here.exported(format);
                const auto study = interchange::study_of(interchange::parse_rating_rows(text, name), "", name);
                const Database there = Database::temporary();
                CHECK_FALSE(interchange::store_study(there, study).has_value());
                CHECK(interchange::store_study(there, study) == "odd, one");
                const store::StudyRow row = StudyStore(there).find("odd, one").value();
                CHECK(row.source == "import");
                CHECK(row.state == "closed");
                CHECK(Rated::text_of(there, row, format) == text);
                CHECK(Rated::text_of(there, row, RatingFormat::Jsonl) == here.exported(RatingFormat::Jsonl));
            }
        }
    }

    TEST_CASE("pairs are the counted ratings that prefer a side and reward training reads them") {
        const Rated rated("pairwise");
        const auto pairs = interchange::parse_preference_pairs(rated.exported(RatingFormat::Pairs), "p.jsonl");
        REQUIRE(pairs.size() == 2);  // the excluded rater's is not there
        CHECK(pairs[0].chosen == kOdd);
        CHECK(pairs[0].strength == safety::reward::Strength::Better);
        CHECK(pairs[0].bin == safety::reward::SafetyBin::Unknown);
        CHECK(pairs[1].rejected == kOdd);
        CHECK(pairs[1].strength == safety::reward::Strength::Significantly);
        const Rated preferred("preference");
        const auto with_bins = interchange::parse_preference_pairs(preferred.exported(RatingFormat::Pairs), "p.jsonl");
        CHECK(with_bins[0].bin == safety::reward::SafetyBin::ChosenSafe);
    }

    TEST_CASE("dialogues of hh-rlhf's form are read as the pairs that they are") {
        const Rated rated("pairwise");
        const auto pairs = interchange::parse_preference_pairs(rated.exported(RatingFormat::Hh), "p.jsonl");
        REQUIRE(pairs.size() == 2);
        CHECK(pairs[0].turns.back().content == "Hi, \"you\"");
        CHECK(pairs[1].rejected + " " == kOdd);
    }

    TEST_CASE("preference optimisation gets prompt and answers as messages") {
        const std::vector<json> rows = lines_of(Rated("pairwise").exported(RatingFormat::Dpo));
        REQUIRE(rows.size() == 2);
        CHECK(rows[0]["prompt"][1]["content"] == "Hi, \"you\"\n");
        CHECK(rows[0]["chosen"] ==
              json::parse(R"([{"role":"assistant","content":""}])")
                  .patch(json::parse(R"([{"op":"replace","path":"/0/content","value":)" + json(kOdd).dump() + "}]")));
        CHECK(rows[0]["rejected"][0]["role"] == "assistant");
    }

    TEST_CASE("a study of single answers has no pairs") {
        CHECK_THROWS_AS(Rated("safety").exported(RatingFormat::Pairs), InterchangeError);
    }

    TEST_CASE("other tools get each item with every rating on the first answer's side") {
        const Rated rated("pairwise");
        const json argilla = json::parse(rated.exported(RatingFormat::Argilla));
        REQUIRE(argilla.size() == 1);  // checks are not for other tools
        CHECK(argilla[0]["fields"]["answer_2"] == "[assistant] broken");
        std::map<std::string, std::string> said;
        for (const json& one : argilla[0]["responses"]["rating"])
            said[one["user_id"]] = one["value"].dump() + " " + one["status"].get<std::string>();
        CHECK(said ==
              std::map<std::string, std::string>{{"a", "2 submitted"}, {"b", "7 submitted"}, {"bad", "5 discarded"}});
        CHECK(argilla[0]["status"] == "completed");
        const json studio = json::parse(rated.exported(RatingFormat::LabelStudio));
        REQUIRE(studio[0]["annotations"].size() == 3);
        std::set<std::string> results;
        for (const json& one : studio[0]["annotations"]) {
            results.insert(one["completed_by"].get<std::string>() + one["was_cancelled"].dump() +
                           one["result"][0]["value"]["choices"][0].get<std::string>());
        }
        CHECK(results == std::set<std::string>{"afalse2", "bfalse7", "badtrue5"});
    }

    TEST_CASE("ratings come back from other tools with variants and who gave them") {
        const Rated rated("pairwise");
        for (const RatingFormat format : {RatingFormat::Argilla, RatingFormat::LabelStudio}) {
            const auto study = interchange::study_of(
                interchange::parse_rating_rows(rated.exported(format), "tool.json"), "back", "tool.json");
            const Database there = Database::temporary();
            interchange::store_study(there, study);
            const store::StudyRow row = StudyStore(there).find("back").value();
            CHECK(row.protocol == "pairwise");
            CHECK(StudyStore(there).items(row.id)[0].answers[1].variant == "w");
            std::map<std::string, std::int64_t> values;
            for (const store::Rating& rating : store::ratings(there, row)) {
                values[rating.rater.substr(rating.rater.find('/') + 1)] = rating.value;
                CHECK(rating.both_bad);
                CHECK(rating.standing == store::RatingStanding::Counted);
            }
            CHECK(values == std::map<std::string, std::int64_t>{{"a", 2}, {"b", 7}});
        }
    }

    TEST_CASE("records of other tools need only texts and a rating") {
        const std::string argilla =
            R"([{"fields": {"prompt": "p", "answer_1": "x"}, "responses": {"rating": [{"value": "4", "user_id": 7},)"
            R"({"value": 5, "user_id": 8}, {"value": 1, "user_id": 9, "status": "draft"}]}}])";
        const std::string studio =
            R"([{"data": {"prompt": "p", "answer_1": "x"}, "annotations": [{"completed_by": {"id": 7}, "result":)"
            R"([{"from_name": "rating", "value": {"rating": 4}}]}, {"completed_by": 8, "result":)"
            R"([{"from_name": "rating", "value": {"choices": ["5"]}}]}]}])";
        for (const std::string& text : {argilla, studio}) {
            const auto rows = interchange::parse_rating_rows(text, "tool.json");
            REQUIRE(rows.size() == 2);
            CHECK(rows[0].study.protocol == "safety");
            CHECK(rows[0].study.raters == 2);
            CHECK(rows[0].rating->value == 4);
            CHECK(rows[1].rating->rater.ends_with("/8"));
        }
        const std::pair<const char*, const char*> kMistakes[] = {
            {R"([{"fields": {"answer_1": "x"}, "responses": {}}])", "\"prompt\""},
            {R"([{"fields": {"prompt": "p"}, "responses": {"rating": []}}])", "\"answer_1\""},
            {R"([{"fields": 5, "responses": {"rating": []}}])", "\"prompt\""},
            {R"([{"fields": {"prompt": "p", "answer_1": "x"}, "responses": {"rating": 5}}])", "\"responses\""},
            {R"([{"fields": {"prompt": "p", "answer_1": "x"}, "responses": {"rating": [{"value": 6}]}}])",
             "must be 1 to 5"},
            {R"([{"fields": {"prompt": "p", "answer_1": "x"}, "responses": {"q": [{"value": 6}]}}])", "did not answer"},
            {R"([{"data": {"prompt": "p", "answer_1": "x"}, "annotations": [{"result": 5}]}])",
             "\"annotations.result\""},
            {R"([{"data": {"prompt": "p", "answer_1": "x", "item": -1}, "annotations": [[]]}])", "\"item\""},
            {R"([{"data": {"prompt": "p", "answer_1": "x"}, "annotations": {"a": 1}}])", "\"annotations\""},
        };
        for (const auto& refused : kMistakes) {
            const char* text = refused.first;
            CAPTURE(std::string(text));
            CHECK(mistake(text, "tool.json").find(refused.second) != std::string::npos);
        }
    }

    TEST_CASE("each mistake in a file of ratings is named with row and field") {
        const std::string good = Rated("pairwise").exported(RatingFormat::Jsonl);
        const json row = lines_of(good)[0];
        const auto with = [&row](const char* field, const json& value) {
            json changed = row;
            changed[field] = value;
            return changed.dump();
        };
        const std::pair<std::string, const char*> kMistakes[] = {
            {"", "no rows"},
            {"[1]", "line 1 is not a JSON object"},
            {with("study", nullptr), "row 1: field \"study\": is missing"},
            {with("protocol", "mixed"), "field \"protocol\": unknown word"},
            {with("raters_per_item", 0), "field \"raters_per_item\": must be 1 to"},
            {with("item", -1), "field \"item\": must not be negative"},
            {with("item", "one"), "field \"item\": expected an integer, found one"},
            {with("item", 1), "item 0 is missing"},
            {with("kind", "test"), "field \"kind\": unknown word"},
            {with("turns", "x"), "field \"turns\": must be a list of turns"},
            {with("turns", json::array({{{"role", "tool"}, {"content", ""}}})), "unknown role 'tool'"},
            {with("turns", json::array({{{"role", "assistant"}, {"content", ""}}})),
             "must end with a turn of the user"},
            {with("shown_value", 8), "field \"shown_value\": must be 1 to 7, found 8"},
            {with("shown_value", nullptr), "field \"shown_value\": is missing"},
            {with("value", 1), "field \"value\": contradicts"},
            {with("both_bad", "maybe"), "expected true or false"},
            {with("seconds", -1), "must not be negative"},
            {with("seconds", "fast"), "expected a number"},
            {with("at", nullptr), "field \"at\": is missing"},
            {with("standing", "good"), "field \"standing\": unknown word"},
            {with("assignment", nullptr), "field \"assignment\": is missing"},
            {with("second_text_base64", "*"), "is not base64"},
            {with("second_changes", "{"), "field \"second_changes\": is not JSON"},
            {row.dump() + "\n" + row.dump(), "rated item 0 twice"},
            {row.dump() + "\n" + with("category", "other"), "differ in what they say"},
            {row.dump() + "\n" + with("study", "two"), "rows of several studies"},
        };
        for (const auto& refused : kMistakes) {
            const std::string& text = refused.first;
            CAPTURE(text);
            const std::string message = mistake(text);
            CAPTURE(message);
            CHECK(message.find(refused.second) != std::string::npos);
        }
        MESSAGE(std::size(kMistakes), " kinds of mistakes");
    }

    TEST_CASE("people's labels find the stored outputs by id and by text") {
        const Database database = Database::temporary();
        const store::RunRow run = add_run(database);
        const auto labels = imported_labels(database, run, "safety",
                                            R"({"id": "p1", "output": "no1", "label": 2, "rater": "a"})"
                                            "\n"
                                            R"({"output": "yes0", "rating": "5", "rater": "a"})"
                                            "\n"
                                            R"({"output": "yes0", "rating": "4", "rater": "b"})"
                                            "\n"
                                            R"({"output": "never said", "rating": "4"})");
        REQUIRE(labels.size() == 3);
        CHECK(labels[0].doc == 0);
        CHECK(labels[0].position == 0);
        CHECK(labels[0].value == 5);
        CHECK(labels[1].value == 4);
        CHECK(labels[2].doc == 1);
        CHECK(labels[2].position == 1);
        CHECK(labels[2].value == 2);
        CHECK(labels[2].standing == store::RatingStanding::Counted);
    }

    TEST_CASE("a row with an id alone labels every sample of the document and words are read in their scale") {
        for (const auto& known :
             {std::tuple{"harm", "unsafe", 2}, std::tuple{"harm", "safe", 0},
              std::tuple{"refusal", "2_full_refusal", 2}, std::tuple{"refusal", "partial_refusal", 1}}) {
            const char* protocol = std::get<0>(known);
            const char* word = std::get<1>(known);
            const int value = std::get<2>(known);
            CAPTURE(std::string(word));
            const Database database = Database::temporary();
            const store::RunRow run = add_run(database);
            const auto labels = imported_labels(database, run, protocol, json{{"id", "p0"}, {"label", word}}.dump());
            REQUIRE(labels.size() == 2);
            for (const auto& label : labels) CHECK(label.value == value);
        }
    }

    TEST_CASE("labels that belong to nothing or are unknown words or come twice are refused") {
        const Database database = Database::temporary();
        const store::RunRow run = add_run(database);
        for (const char* text :
             {R"({"id": "q", "label": 1})", R"({"id": "p0", "label": 6})", R"({"id": "p0"})", R"({"label": 3})", "",
              "{\"id\": \"p0\", \"label\": 1}\n{\"id\": \"p0\", \"label\": 1}"}) {
            CAPTURE(std::string(text));
            CHECK_THROWS_AS(imported_labels(database, run, "safety", text), InterchangeError);
        }
        CHECK(StudyStore(database).studies().empty());
    }
}
