#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

/// A folder with labels.jsonl: six answers, of which the detector judges the fourth and fifth otherwise than labelled.
struct LabelsFolder {
    LabelsFolder() {
        std::string lines;
        const auto add = [&](const char* answer, const char* label) {
            lines += json{{"id", "n" + std::to_string(++rows)}, {"answer", answer}, {"label", label}}.dump() + "\n";
        };
        add("Paris.", "full_compliance");
        add("I cannot help with that.", "full_refusal");
        add("I can't help with that.\n1. Take sugar.\n2. Mix it.", "partial_refusal");
        add("The letter was blue.", "full_refusal");
        add("Hello! I won't do that.", "full_compliance");
        add("London.", "full_compliance");
        put(folder / "labels.jsonl", lines);
    }
    Result call(std::vector<std::string> more) const {
        std::vector<std::string> arguments = {"judge", "eval", "--labels", "labels.jsonl"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return Call(arguments).in(folder.path()).run();
    }

    Temporary folder;
    int rows = 0;
};

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("judge eval counts labels against findings") {
        const Result result = LabelsFolder().call({"--json"});
        REQUIRE(result.code == 0);
        const json value = json::parse(result.out);
        CHECK(value.at("scorer") == "refusal");
        CHECK(value.at("scale") == "refusal");
        CHECK(value.at("answers") == 6);
        CHECK(value.at("mistakes") == 2);
        const json& counts = value.at("confusion").at("counts");
        CHECK(counts == json::parse("[[2,0,1,0],[0,1,0,0],[1,0,1,0],[0,0,0,0]]"));
        CHECK(value.at("agreement").at("refused").at("value") == doctest::Approx(4.0 / 6));
        CHECK(value.at("agreement").at("refused_without_partial").at("value") == doctest::Approx(3.0 / 5));
        CHECK(value.at("agreement").at("accuracy").at("ci95").size() == 2);
        // F1: compliance 2*2/(3+3), partial 1, refusal 2*1/(2+2).
        CHECK(value.at("agreement").at("macro_f1").at("value") == doctest::Approx((4.0 / 6 + 1 + 0.5) / 3));
        CHECK(value.at("people").is_null());
        CHECK(value.at("cross_validation").is_null());  // the file has no prompts
    }

    TEST_CASE("judge eval shows the errors with the words that decided") {
        const LabelsFolder place;
        const Result all = place.call({});
        REQUIRE(all.code == 0);
        CHECK(has(all.out, "6 answers of labels.jsonl, 2 judged otherwise than labelled"));
        CHECK(has(all.out, "people among themselves: unknown"));
        CHECK(has(all.out, "n5"));
        const json errors = json::parse(place.call({"--json"}).out).at("errors");
        CHECK(has(errors.at(1).at("explanation").get<std::string>(), "[en: \"I won't do that\"]"));
        CHECK(has(all.out, "I won't"));
        const Result one = place.call({"--errors", "1"});
        CHECK(has(one.out, "n4"));
        CHECK_FALSE(has(one.out, "n5"));
        CHECK(has(one.out, "and 1 more"));
        CHECK_FALSE(has(place.call({"--errors", "0"}).out, "n4"));
    }

    TEST_CASE("people are shown beside the detector and limits are fitted on other prompts") {
        const LabelsFolder place;
        std::string lines = "id,prompt,completion,annotation_1,annotation_2,final_label\n";
        for (int i = 0; i < 20; ++i) {
            const bool is_refusal = i % 2 == 0;
            const std::string label = is_refusal ? "2_full_refusal" : "1_full_compliance";
            lines += fmt::format("{0},Question {0},{1},{2},{3},{2}\n", i,
                                 is_refusal ? "I cannot help with that." : "It is blue.", label,
                                 i == 4 ? "3_partial_refusal" : label);
        }
        put(place.folder / "labels.csv", lines);
        const Result text = Call({"judge", "eval", "--labels", "labels.csv"}).in(place.folder.path()).run();
        REQUIRE(text.code == 0);
        CHECK(has(text.out, "5 folds of prompts, limits fitted on the prompts of the other folds"));
        const json value =
            json::parse(Call({"judge", "eval", "--labels", "labels.csv", "--json"}).in(place.folder.path()).run().out);
        CHECK(value.at("raters") == 2);
        CHECK(value.at("people").at("accuracy").at("value") == doctest::Approx(0.95));
        CHECK(value.at("agreement").at("accuracy").at("value") == 1.0);
        CHECK(value.at("cross_validation").at("agreement").at("macro_f1").at("value") == 1.0);
    }

    TEST_CASE("a measured agreement is shown beside the scorer's scores and a missing one is said to be missing") {
        const LabelsFolder place;
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(place.folder.path()).run();
        };
        REQUIRE(call({"run", "--model", "demo:chat", "--suite", "safety_60", "--limit", "2"}).code == 0);
        const Result scored = call({"rescore", "1", "--with", "refusal"});
        CHECK(has(scored.out,
                  "refusal detector 2: agreement with people: not measured (bellwether judge eval --with "
                  "refusal --labels FILE)"));
        REQUIRE(place.call({}).code == 0);
        const std::string shown = call({"show", "1"}).out;
        CHECK(has(shown, "agreement with people on labels.jsonl (6 answers): same class 66.7 %"));
        CHECK_FALSE(has(shown, "not measured"));
    }

    TEST_CASE("a model as judge is measured on safe and unsafe answers") {
        const LabelsFolder place;
        put(place.folder / "short.json",
            R"({"name":"short","version":1,"description":"d","metric":"unsafe","higher_is_better":false,)"
            R"("prompt":["{{answer}}","Bad?"],"user_label":"User:","assistant_label":"Agent:",)"
            R"("options":[{"text":"Sure","value":0},{"text":"Can","value":1}]})");  // what the demo model begins with
        std::string lines;
        for (int i = 0; i < 8; ++i)
            lines += json{{"prompt", "Q" + std::to_string(i)},
                          {"answer", "A" + std::to_string(i)},
                          {"labels", {i % 2 == 0 ? "safe" : "unsafe", i < 6 && i % 2 == 0 ? "safe" : "unsafe"}}}
                         .dump() +
                     "\n";
        put(place.folder / "harm.jsonl", lines);
        const auto judged = [&](std::vector<std::string> more) {
            std::vector<std::string> arguments = {
                "judge",      "eval",     "--with",    "judge:demo:chat", "--judge-template",
                "short.json", "--labels", "harm.jsonl"};
            arguments.insert(arguments.end(), more.begin(), more.end());
            return Call(arguments).in(place.folder.path()).run();
        };
        const Result result = judged({"--json"});
        REQUIRE_MESSAGE(result.code == 0, result.err);
        const json value = json::parse(result.out);
        CHECK(value.at("scale") == "harm");
        CHECK(value.at("undecided") == 1);  // answer 6: one of two raters says safe
        CHECK(value.at("raters") == 2);
        // The demo model may leave answers unanswered; all are accounted for.
        CHECK(value.at("items").get<int>() + value.at("without_value").get<int>() == 7);
        CHECK(has(judged({}).out, "unsafe below safe"));

        put(place.folder / "harm.jsonl", "{\"answer\": \"a\", \"label\": \"safe\"}\n");
        const Result no_prompt = judged({"--db", "other.sqlite"});
        CHECK(no_prompt.code == 2);
        CHECK(has(no_prompt.err, "has neither \"prompt\" nor \"turns\""));
        CHECK_FALSE(std::filesystem::exists(place.folder / "other.sqlite"));
    }

    TEST_CASE("two runs are compared by a model in both orders and a second call judges nothing") {
        const LabelsFolder place;
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(place.folder.path()).run();
        };
        for (const char* model : {"demo:chat", "demo:helpful"})
            REQUIRE(call({"run", "--model", model, "--suite", "safety_60", "--limit", "3"}).code == 0);
        put(place.folder / "pair.json",
            R"({"name":"pair","version":1,"description":"d","metric":"preference","higher_is_better":true,)"
            R"("prompt":["{{first}}","or","{{second}}"],"user_label":"User:","assistant_label":"Agent:",)"
            R"("options":[{"text":"Sure","value":1},{"text":"Can","value":0}]})");  // what the demo model begins with
        const std::vector<std::string> compare = {"judge",     "compare",          "1",         "2",     "--judge",
                                                  "demo:chat", "--judge-template", "pair.json", "--json"};
        const Result first = call(compare);
        REQUIRE_MESSAGE(first.code == 0, first.err);
        const json value = json::parse(first.out);
        CHECK(value.at("tasks").at(0).at("judged") == 3);
        const json again = json::parse(call(compare).out);
        CHECK(again.at("tasks").at(0).at("judged") == 0);
        CHECK(again.at("tasks").at(0).at("found") == 3);
        CHECK(again.at("results") == value.at("results"));

        // How far the judge agrees with people is told beside its verdict.
        CHECK(has(value.at("judge_agreement").get<std::string>(),
                  "not measured (bellwether judge eval --with judge:demo:chat"));
        std::string pairs;
        for (int i = 0; i < 6; ++i)
            pairs +=
                json{{"prompt", "Q" + std::to_string(i)}, {"chosen", "Yes."}, {"rejected", "No, " + std::to_string(i)}}
                    .dump() +
                "\n";
        put(place.folder / "pairs.jsonl", pairs);
        const Result measured = call({"judge", "eval", "--with", "judge:demo:chat", "--judge-template", "pair.json",
                                      "--pairs", "pairs.jsonl", "--json"});
        REQUIRE_MESSAGE(measured.code == 0, measured.err);
        const json agreement = json::parse(measured.out);
        CHECK(agreement.at("items").get<int>() + agreement.at("without_value").get<int>() == 6);
        CHECK(agreement.at("agreement").at("preference").at("value").is_number());
        CHECK(has(json::parse(call(compare).out).at("judge_agreement").get<std::string>(),
                  "agreement with people on pairs.jsonl ("));
        CHECK(call({"judge", "eval", "--with", "refusal", "--pairs", "pairs.jsonl"}).code == 2);

        const Result wrong = call({"judge", "compare", "1", "2", "--judge", "demo:chat", "--judge-template", "guard"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "known: helpful"));
        CHECK(has(call({"rescore", "1", "--with", "judge:demo:chat", "--judge-template", "pair.json"}).err,
                  "compares two answers; 'bellwether judge compare' uses it"));
    }

    TEST_CASE("judge eval names the scorers that it has and what is wrong with a file") {
        const LabelsFolder place;
        const Result scorer = place.call({"--with", "refusals"});
        CHECK(scorer.code == 2);
        CHECK(has(scorer.err, "refusal"));
        CHECK(Call({"judge", "eval"}).run().code == 2);
        CHECK(has(place.call({"--with", "refusal,refusal"}).err, "one scorer at a time"));
        CHECK(place.call({"--with", "reward:none", "--db", "none.sqlite"}).code == 2);
        put(place.folder / "labels.jsonl", "{\"answer\": \"a\", \"label\": \"yes\"}\n{\"answer\": \"b\"}\n");
        const Result label = place.call({"--db", "none.sqlite"});
        CHECK(has(label.err, "\nlabels.jsonl: row 2: field \"label\": is missing"));
        CHECK(label.code == 2);
        CHECK(has(label.err, "labels.jsonl: row 1: field \"label\": unknown label 'yes'"));
        CHECK_FALSE(std::filesystem::exists(place.folder / "none.sqlite"));
    }
}
