#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "suites/catalog.hpp"
#include "tests/suites/definition/right_files.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;
using suites_test::kRight;

namespace {

struct Mistake {
    const char* kind;    ///< of the correct file
    const char* change;  ///< merged into it; null removes a field
    const char* field;   ///< that the message must name
    const char* says;    ///< and a part of the message
};

const std::vector<Mistake> kMistakes = {
    {"choice", R"({"name": null})", "name", "is missing"},
    {"choice", R"({"name": "My Task"})", "name", "lower-case"},
    {"choice", R"({"version": "one"})", "version", "integer"},
    {"choice", R"({"version": 0})", "version", "from 1"},
    {"choice", R"({"profile": ""})", "profile", "a name of your own"},
    {"choice", R"({"description": ""})", "description", "is empty"},
    {"choice", R"({"data": "mine/test.jsonl"})", "data", "must be an object"},
    {"choice", R"({"prompt": "What?"})", "prompt", "the same for every document"},
    {"choice", R"({"licence": null})", "licence", "is missing"},
    {"choice", R"({"kind": "chioce"})", "kind", "did you mean \"choice\"?"},
    {"choice", R"({"promt": "x"})", "promt", "did you mean \"prompt\"?"},
    {"choice", R"({"data": null})", "data", "is missing"},
    {"choice", R"({"data": {"test": []}})", "test", "names no file"},
    {"choice", R"({"data": {"test": ["/etc/passwd"]}})", "test", "from the data folder"},
    {"choice", R"({"data": {"shots": ["../x.jsonl"]}})", "shots", "from the data folder"},
    {"choice", R"({"data": {"tests": ["x.jsonl"]}})", "tests", "did you mean \"test\"?"},
    {"choice", R"({"data": {"documents": -3}})", "documents", "integer"},
    {"choice", R"({"data": {"shots": null}})", "fewshot", "neither data.shots nor"},
    {"choice", R"({"fewshot": 2.5})", "fewshot", "integer"},
    {"choice", R"({"fewshot": 101})", "fewshot", "0 to 100"},
    {"choice", R"({"sampler": "first"})", "sampler", "first_n"},
    {"choice", R"({"sampler": "first_n", "extra_draw": true})", "extra_draw", "samples nothing"},
    {"choice", R"({"extra_draw": "yes"})", "extra_draw", "true or false"},
    {"choice", R"({"examples": [{"question": "x"}]})", "examples", "one place"},
    {"choice", R"({"prompt": null})", "prompt", "is missing"},
    {"choice", R"({"prompt": 7})", "prompt", "must be a string"},
    {"choice", R"({"prompt": "{% if hint %}{{hint}}{% endif %}{{question}}"})", "prompt", "there are no statements"},
    {"choice", R"({"prompt": "Q: {{question"})", "prompt", "{{ without }}"},
    {"choice", R"({"prompt": "Q: {{ question }}"})", "prompt", "without spaces"},
    {"choice", R"({"prompt": "{{question|stripp}}"})", "prompt", "did you mean \"strip\"?"},
    {"choice", R"({"choices": null})", "choices", "is missing"},
    {"choice", R"({"choices": ["yes"]})", "choices", "two strings or more"},
    {"choice", R"({"gold": null})", "gold", "is missing"},
    {"choice", R"({"gold": -1})", "gold", "integer"},
    {"choice", R"({"gold_labels": []})", "gold_labels", "is empty"},
    {"choice", R"({"gold_mask": "labels"})", "gold_mask", "is given beside gold"},
    {"choice", R"({"metrics": []})", "metrics", "is empty"},
    {"choice", R"({"metrics": ["acc_nrom"]})", "metrics", "did you mean \"acc_norm\"?"},
    {"choice", R"({"metrics": ["exact_match"]})", "metrics", "does not have"},
    {"choice", R"({"metrics": ["acc", "acc"]})", "metrics", "twice"},
    {"choice", R"({"metrics": ["acc_calibrated"]})", "metrics", "needs the field \"calibration\""},
    {"choice", R"({"until": ["\n"]})", "until", "has no meaning for a task of kind choice"},
    {"choice", R"({"continuation": "x"})", "continuation", "has no meaning"},
    {"choice", R"({"document": "squat"})", "document", "did you mean \"squad\"?"},
    {"choice", R"({"fields": {"query": 3}})", "fields", "'query'"},
    {"generate", R"({"answer": null})", "answer", "is missing"},
    {"generate", R"({"until": "\n"})", "until", "list of strings"},
    {"generate", R"({"until": [""]})", "until", "stop at once"},
    {"generate", R"({"max_tokens": 0})", "max_tokens", "from 1"},
    {"generate", R"({"repeats": 4})", "repeats", "\"temperature\" is above 0"},
    {"generate", R"({"temperature": "hot"})", "temperature", "must be a number"},
    {"generate", R"({"top_p": 1.5})", "top_p", "from 0 to 1"},
    {"generate", R"x({"ignore": ["("]})x", "ignore", "has the pattern '('"},
    {"generate", R"x({"ignore": ["(?=x)"]})x", "ignore", "has the pattern"},
    {"generate", R"({"filters": [{"name": "n", "pattern": "[0-9"}]})", "pattern", "has the pattern '[0-9'"},
    {"generate", R"({"filters": [{"name": "n", "pattern": "x", "take": "all"}]})", "take", "known: first, last"},
    {"generate", R"({"filters": [{"name": "n", "steps": [{"pattern": "x", "vote": true}]}]})", "steps", "exactly one"},
    {"generate", R"({"filters": [{"name": "n", "steps": [{"transform": "stripe"}]}]})", "transform",
     "did you mean \"strip\"?"},
    {"generate", R"({"filters": [{"name": "n", "steps": [{"matcher": "no_such_matcher_at_all"}]}]})", "matcher",
     "no_such_matcher_at_all"},
    {"generate", R"({"filters": ["number"]})", "filters", "list of objects"},
    {"generate", R"({"filters": []})", "metrics", "there is no filter 'number'"},
    {"generate", R"({"metrics": ["exact_match"]})", "filters", "which no metric uses"},
    {"generate", R"({"metrics": ["exact_match,number", "best_exact"]})", "metrics", "needs the field \"likelihoods\""},
    {"generate", R"({"metrics": ["exact_match,number", "bleu_max"]})", "metrics", "wrong_references"},
    {"generate", R"({"grader": "python", "ignore_case": true})", "ignore_case", "has no meaning"},
    {"generate", R"({"submission": "{{output}}"})", "submission", "has no meaning"},
    {"generate", R"({"grader": "python", "metrics": ["pass@5,number"]})", "metrics",
     "needs 5 samples; \"repeats\" is 1"},
    {"generate", R"({"grader": "python", "repeats": 4, "temperature": 1, "metrics": ["pass@2,number"],
        "filters": [{"name": "number", "steps": [{"first": 1}]}]})",
     "metrics", "the filter 'number' leaves 1"},
    {"generate", R"({"grader": "python", "repeats": 4, "temperature": 1, "metrics": ["pass@4,number"],
        "filters": [{"name": "number", "steps": [{"vote": true}]}]})",
     "metrics", "the filter 'number' leaves 1"},
    {"generate", R"({"grader": "python", "metrics": ["pass@0,number"]})", "metrics", "names 'pass@0'"},
    {"generate", R"({"grader": "python", "metrics": ["pass@99999999999999999999,number"]})", "metrics",
     "names 'pass@9"},
    {"generate", R"({"grader": {"name": "vader"}})", "grader", "needs a file"},
    {"generate", R"({"grader": {"name": "vader", "files": {"words": "w.txt"}}})", "words", "known: emoji, lexicon"},
    {"generate", R"({"system": 7})", "system", "must be a string"},
    {"rolling", R"({"system": "Be brief."})", "system", "has no meaning"},
    {"generate", R"({"choices": "c"})", "choices", "has no meaning for a task of kind generate"},
    {"generate", R"({"transform": "wikitext"})", "transform", "has no meaning"},
    {"generate", R"({"grader": "pyhton"})", "grader", "did you mean \"python\"?"},
    {"generate", R"({"filters": [{"name": "number", "pattern": ""}]})", "pattern", "empty pattern"},
    {"generate", R"({"filters": [{"name": "number", "pattern": "[\\pL]{200}"}]})", "pattern", "instructions long"},
    {"choice", R"({"name": "other"})", "name", "call the file other.json or the task 'mine'"},
    {"choice", R"({"name": "arc_easy"})", "name", "call the file"},
    {"choice", R"({"gold": 2})", "gold", "there are 2 choices"},
    {"choice",
     R"({"choices": null, "prompt": ["{{a}}", "{{b}}"], "continuation": "{{c}}", "gold": 2, "metrics": ["acc"]})",
     "gold", "2 choices"},
    {"choice", R"({"data": {"test": ["x.parquet"]}})", "test", ".jsonl, .json, .csv or .tsv"},
    {"choice", R"({"data": {"test": ["x\u0000.jsonl"]}})", "test", "from the data folder"},
    {"choice", R"({"data": {"columns": ["a", "a"]}})", "columns", "duplicate"},
    {"family", R"({"extends": "mmul"})", "extends", "did you mean \"mmlu\"?"},
    {"group", R"({"members": ["arc_easy", "arc_easy"]})", "members", "twice"},
    {"group", R"({"group": "mmlu"})", "group", "already"},
    {"group", R"({"members": [{"task": "arc_easy", "metric": "acc_nrom"}]})", "members", "did you mean \"acc_norm\"?"},
    {"group", R"({"members": [{"task": "mmlu", "metric": "acc"}]})", "members", "is a group"},
    {"rolling", R"({"transform": "wikitxt"})", "transform", "did you mean \"wikitext\"?"},
    {"rolling", R"({"preamble": "x"})", "preamble", "has no meaning"},
    {"rolling", R"({"metrics": ["acc"]})", "metrics", "does not have"},
    {"family", R"({"extends": "mmlux"})", "extends", "no task file of that name"},
    {"family", R"({"name": "mine"})", "name", "{{subtask}}"},
    {"family", R"({"subtasks": []})", "subtasks", "1 to 1000"},
    {"family", R"({"subtasks": ["anatomy", 3]})", "subtasks", "list of strings"},
    {"family", R"({"subtasks": ["anatomy", "anatomy"]})", "subtasks", "two tasks the name"},
    {"group", R"({"group": "my group"})", "group", "lower-case"},
    {"group", R"({"weighting": "size"})", "weighting", "documents, members, none"},
    {"group", R"({"members": []})", "members", "list of names"},
    {"group", R"({"members": ["arc_easy", "paper_arc_easy"]})", "members", "two profiles have no mean"},
    {"group", R"({"members": ["arc_eazy"]})", "members", "did you mean \"arc_easy\"?"},
    {"group", R"({"members": ["my-group"]})", "members", "inside itself"},
    {"group", R"({"members": ["gsm8k", {"task": "gsm8k", "fewshot": 8}]})", "members", "different settings"},
    {"group", R"({"members": [{"task": "gsm8k", "shots": 8}]})", "shots", "is not known"},
};

}  // namespace

TEST_SUITE("suites.task file") {
    TEST_CASE("the correct task files are accepted") {
        for (const auto& right : kRight) {
            const auto& kind = right.first;
            const auto& file = right.second;
            CAPTURE(kind);
            CHECK(complaint([&] { suites_test::catalog().check(file, "mine.json"); }) == "");
        }
    }

    TEST_CASE("every mistake is reported with file and field") {
        REQUIRE(kMistakes.size() >= 30);
        for (const Mistake& mistake : kMistakes) {
            json file = kRight.at(mistake.kind);
            file.merge_patch(json::parse(mistake.change));
            const std::string message = complaint([&] { suites_test::catalog().check(file, "mine.json"); });
            CAPTURE(mistake.change);
            CAPTURE(message);
            CHECK(message.starts_with("mine.json"));
            CHECK(message.find(std::string("field \"") + mistake.field + "\"") != std::string::npos);
            CHECK(message.find(mistake.says) != std::string::npos);
            CHECK(message.find('\n') == std::string::npos);
        }
    }

    TEST_CASE("all mistakes of a file are reported at once") {
        json file = kRight.at("choice");
        file.merge_patch(json::parse(
            R"({"version": 0, "metrics": ["acc_nrom"], "data": {"documents": -3, "tests": []}, "promt": "x", "gold": null})"));
        const std::string message = complaint([&] { suites_test::catalog().check(file, "mine.json"); });
        CAPTURE(message);
        for (const char* field : {"version", "metrics", "documents", "tests", "promt", "gold"})
            CHECK(message.find(std::string("field \"") + field + "\"") != std::string::npos);
        CHECK(std::count(message.begin(), message.end(), '\n') == 5);
    }

    TEST_CASE("with a misspelt kind the mistakes by the nearest kind are reported too") {
        json file = kRight.at("choice");
        file.merge_patch(json::parse(R"({"kind": "chioce", "prompt": "{{q", "metrics": ["acu"]})"));
        const std::string message = complaint([&] { suites_test::catalog().check(file, "mine.json"); });
        CAPTURE(message);
        for (const char* field : {"kind", "prompt"})
            CHECK(message.find(std::string("field \"") + field + "\"") != std::string::npos);
        file["prompt"] = "{{q}}";
        CHECK(complaint([&] { suites_test::catalog().check(file, "mine.json"); }).find("field \"metrics\"") !=
              std::string::npos);
    }

    TEST_CASE("a folder with mistakes in several files names all of them and ignores hidden files") {
        const suites_test::Folder folder;
        suites::Catalog catalog(suites_test::graders());
        CHECK(complaint([&] { catalog.add_folder(folder.path()); }).find("no task files in this folder") !=
              std::string::npos);
        folder.write("one.json", "{");
        folder.write("two.json", R"({"name": "two"})");
        folder.write("._two.json", std::string("\0\5\26\7", 4));
        const std::string message = complaint([&] { catalog.add_folder(folder.path()); });
        CHECK(message.find(folder.path("one.json") + ": not JSON") == 0);
        CHECK(message.find(folder.path("two.json") + ": field \"profile\" is missing") != std::string::npos);
        CHECK(message.find("._two.json") == std::string::npos);
    }

    TEST_CASE("a file in UTF-16 is reported as such") {
        const std::string utf16("\xFF\xFE{\0}\0", 6);
        CHECK(complaint([&] { suites::parse_definition(utf16, "mine.json"); }).find("UTF-16; save it as UTF-8") !=
              std::string::npos);
        CHECK(complaint([&] { suites::parse_definition(utf16.substr(2), "mine.json"); }).find("UTF-16") !=
              std::string::npos);
    }

    TEST_CASE("numbers of a task file that would lose digits are refused") {
        CHECK(complaint([] {
                  suites::parse_definition(R"({"examples": [{"n": 123456789012345678901}]})", "mine.json");
              }).find("the number 123456789012345678901 has more digits") != std::string::npos);
        CHECK(complaint([] { suites::parse_definition(R"({"n": 18446744073709551615})", "mine.json"); }) == "");
    }

    TEST_CASE("text that is not JSON or not an object is reported with the file") {
        CHECK(complaint([] { suites::parse_definition("{\"name\": }", "mine.json"); }).find("mine.json: not JSON") ==
              0);
        CHECK(complaint([] { suites::parse_definition(R"({"data": {"test": [], "test": []}})", "mine.json"); }) ==
              "mine.json: duplicate field \"test\"");
        CHECK(complaint([] {
                  suites_test::catalog().check(json::array(), "mine.json");
              }).find("mine.json: must be a JSON object") == 0);
    }

    TEST_CASE("messages show an example of a field") {
        json file = kRight.at("choice");
        file["metrics"] = "acc";
        const std::string message = complaint([&] { suites_test::catalog().check(file, "mine.json"); });
        CHECK(message.find(R"(for example ["acc", "acc_norm"])") != std::string::npos);
    }

    TEST_CASE("a task that extends itself is refused") {
        suites::Catalog catalog = suites::Catalog::builtin(suites_test::graders());
        const json file = {{"extends", "loop"}, {"name", "loop"}};
        CHECK(complaint([&] { catalog.add_file("loop", file, "loop.json"); }).find("does a task extend itself?") !=
              std::string::npos);
    }
}

TEST_SUITE("suites.catalog") {}
