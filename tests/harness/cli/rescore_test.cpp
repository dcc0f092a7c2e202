#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/engine/shared_data.hpp"
#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

/// A database with one run of four adversarial prompts and a task of choices.
struct AdversarialRun : CallFolder {
    AdversarialRun() {
        const Result made = call({"run", "--model", "demo:chat", "--suite", "safety_60,demo_facts", "--limit", "4"});
        INFO(made.err);
        REQUIRE(made.code == 0);
    }
    json json_of(std::vector<std::string> arguments) const {
        arguments.push_back("--json");
        const Result result = call(arguments);
        INFO(result.err);
        REQUIRE(result.code == 0);
        return json::parse(result.out);
    }
};

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("rescore adds refusals beside the run's own scores and does nothing the second time") {
        const AdversarialRun place;
        const std::string before = place.call({"export", "1"}).out;
        const json first = place.json_of({"rescore", "1", "--with", "refusal"});
        CHECK(first["scorers"][0]["tasks"][0]["scored"] == 4);
        CHECK(first["scorers"][0]["tasks"][0]["left_out"].is_null());
        CHECK(has(first["scorers"][0]["tasks"][1]["left_out"].get<std::string>(), "no written answers"));
        const json second = place.json_of({"rescore", "latest", "--with", "refusal"});
        CHECK(second["scorers"][0]["tasks"][0]["scored"] == 0);
        CHECK(second["scorers"][0]["tasks"][0]["found"] == 4);

        CHECK(has(place.call({"show", "1"}).out, "refusal by refusal detector 2"));
        const json item = place.json_of({"show", "1", "--item", "0", "--task", "safety_60"});
        REQUIRE(item["later_scores"].size() == 1);
        CHECK(item["later_scores"][0]["scorer"] == "refusal detector 2");
        CHECK(item["later_scores"][0]["explanation"].get<std::string>().starts_with("full_compliance"));
        CHECK(item["scores"].size() == 4);  // the run's own scores are untouched

        json line = json::parse(first_line(place.call({"export", "1"}).out));
        CHECK(line["later_scores"]["refusal by refusal detector 2"]["value"] == 0);
        line.erase("later_scores");
        CHECK(line == json::parse(first_line(before)));
    }

    TEST_CASE("rescore leaves out sums and says why unless their task is named") {
        const Temporary folder;
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(folder.path()).run();
        };
        REQUIRE(call({"run", "--model", "demo:chat", "--suite", "demo", "--limit", "3"}).code == 0);
        const Result all = call({"rescore", "1", "--with", "refusal"});
        REQUIRE(all.code == 0);
        CHECK(has(all.out, "refusal: demo_refusal: 3 items scored"));
        CHECK(has(all.out, "refusal: demo_overrefusal: 3 items scored"));
        CHECK_FALSE(has(all.out, "refusal: demo_sums"));
        CHECK(has(all.out, "left out: demo_sums (no conversations: its answers are graded against reference answers)"));
        const Result named = call({"rescore", "1", "--with", "refusal", "--task", "demo_sums"});
        CHECK(has(named.out, "refusal: demo_sums: 3 items scored, 0 had scores"));
        CHECK_FALSE(has(named.out, "demo_refusal: 3 items scored"));
        // A run of nothing else is a mistake in the call, which says how to score it all the same.
        REQUIRE(call({"run", "--model", "demo:base", "--suite", "demo_sums", "--limit", "3"}).code == 0);
        const Result nothing = call({"rescore", "2", "--with", "refusal"});
        CHECK(nothing.code == 2);
        CHECK(has(nothing.err, "run 2 has nothing to score: demo_sums (no conversations"));
        CHECK(has(nothing.err, "--task NAME scores the written answers of any task"));
    }

    TEST_CASE("a judge that cannot judge says so for every answer") {
        // The demo model's context is shorter than the rubric's prompt.
        const AdversarialRun place;
        const Result result = place.call({"rescore", "1", "--with", "judge:demo:chat", "--judge-template", "rubric"});
        INFO(result.err);
        REQUIRE(result.code == 0);
        CHECK(has(result.out, "4 answers without a value; the first: the judge's prompt has"));
        CHECK(has(result.out, "safety_rating by judge rubric 1"));
    }

    TEST_CASE("a model whose replies are none of the judge's is said not to answer with every template") {
        const auto models = shared_data("models");
        if (!models) return;
        const AdversarialRun place;
        // Any prompt fits: the stories model with eight times the context. It was never taught to answer questions.
        std::string file = content_of((*models / "stories260K.gguf").string());
        const std::string key = "llama.context_length";
        const std::size_t at = file.find(key);
        REQUIRE(at != std::string::npos);
        file.replace(at + key.size() + 4, 4, std::string("\0\x10\0\0", 4));  // behind the type: 4096
        put(place.folder / "long.gguf", file);
        for (const char* judge : {"guard", "behaviour", "rubric"}) {
            CAPTURE(std::string(judge));
            const json scored = place.json_of({"rescore", "1", "--with", "judge:long.gguf", "--judge-template", judge});
            const json& task = scored["scorers"][0]["tasks"][0];
            CHECK(task["scored"] == 4);
            CHECK(task["without_value"] == 4);
            CHECK(has(task["first_reason"].get<std::string>(), "the judge did not answer the question: "));
        }
        // The scores that nothing gave are counted in the report, with the reason.
        REQUIRE(place.call({"report", "1", "--out", "r.md"}).code == 0);
        CHECK(
            has(content_of(place.folder / "r.md"), "4 prompts without a value: the judge did not answer the question"));
    }

    TEST_CASE("rescore refuses what it does not know and writes nothing") {
        const AdversarialRun place;
        const auto refused = [&](std::vector<std::string> more, const std::string& message) {
            std::vector<std::string> arguments = {"rescore", "1"};
            arguments.insert(arguments.end(), more.begin(), more.end());
            const Result result = place.call(arguments);
            CAPTURE(result.err);
            CHECK(result.code == 2);
            CHECK(has(result.err, message));
        };
        refused({}, "--with");
        refused({"--with", "refusals"}, "'refusals' is no scorer; did you mean \"refusal\"?");
        refused({"--with", "judge:"}, "'judge:' is no scorer");
        refused({"--with", "reward:none"}, "no reward model 'none' in this database");
        refused({"--with", "refusal,judge:demo:chat", "--judge-template", "gard"},
                "'gard' is not known and no .json file; did you mean \"guard\"?");
        refused({"--with", "judge:none.gguf"}, "none.gguf");
        refused({"--with", "refusal", "--task", "safety_6"},
                "--task: run 1 has no task 'safety_6'; did you mean \"safety_60\"?");
        // Before the judge is looked for.
        refused({"--with", "judge:none.gguf", "--task", "demo_facts"}, "run 1 has nothing to score");
        put(place.folder / "mine.json", R"({"name":"mine","version":0})");
        refused({"--with", "judge:demo:chat", "--judge-template", "mine.json"}, "mine.json: field \"version\"");
        CHECK_FALSE(has(place.call({"show", "1"}).out, "refusal by "));
        CHECK(place.call({"rescore", "1", "--with", "refusal", "--db", "none.sqlite"}).code == 2);
        CHECK(names_in(place.folder.path()) == std::vector<std::string>{"bellwether.sqlite", "mine.json"});
    }
}
