#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "suites/catalog.hpp"
#include "tests/suites/helpers.hpp"
#include "tests/support/wrong_types.hpp"

using suites::Row;
using suites_test::complaint;
using suites_test::Folder;

namespace {

const char* const kArc =
    R"({"id": "x", "question": {"stem": "Which?", "choices": [{"text": "a", "label": "A"}, {"text": "b", "label": "B"}]}, "answerKey": "B"})"
    "\n";

std::size_t files_below(const std::string& folder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        files += entry.is_regular_file() ? 1U : 0U;
    return files;
}

}  // namespace

TEST_SUITE("suites.fetch") {
    TEST_CASE("columns have the order of the data set on Hugging Face") {
        const Folder from;
        const Folder cache;
        from.write("ARC-Easy-Test.jsonl", kArc);
        from.write("dev_rand_split.jsonl",
                   R"({"answerKey": "A", "id": "c", "question": {"question_concept": "k", "choices": )"
                   R"([{"label": "A", "text": "a"}, {"label": "B", "text": "b"}, {"label": "C", "text": "c"}, )"
                   R"({"label": "D", "text": "d"}, {"label": "E", "text": "e"}], "stem": "What?"}})"
                   "\n");
        from.write("super_glue/boolq/val.jsonl", R"({"question": "is it", "passage": "P", "idx": 7, "label": true})"
                                                 "\n");
        suites_test::fetch_from("arc_easy", from.path(), cache.path());
        suites_test::fetch_from("commonsenseqa", from.path(), cache.path());
        suites_test::fetch_from("boolq", from.path(), cache.path());
        CHECK(suites::read_text(cache.path("arc/ARC-Easy/test.jsonl")) ==
              R"({"id":"x","question":"Which?","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"B"})"
              "\n");
        CHECK(suites::read_text(cache.path("commonsense_qa/validation.jsonl")) ==
              R"({"id":"c","question":"What?","question_concept":"k","choices":)"
              R"({"label":["A","B","C","D","E"],"text":["a","b","c","d","e"]},"answerKey":"A"})"
              "\n");
        CHECK(suites::read_text(cache.path("boolq/validation.jsonl")) ==
              R"({"question":"is it","passage":"P","idx":7,"label":1})"
              "\n");
    }

    TEST_CASE("originals become rows with the names of Hugging Face") {
        const Folder from;
        const Folder cache;
        from.write("ARC-Easy-Test.jsonl", kArc);
        from.write("ARC-Easy-Train.jsonl", kArc);
        const auto lines = suites_test::fetch_from("arc_easy", from.path(), cache.path());
        CHECK(lines.size() == 3);  // two files, and a note that the full split is larger
        const auto rows = suites::data::read_rows(cache.path("arc/ARC-Easy/test.jsonl"));
        CHECK(
            rows.at(0) ==
            Row::parse(
                R"({"id": "x", "question": "Which?", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "B"})"));
    }

    TEST_CASE("rows exported from Hugging Face data sets work unchanged") {
        const Folder from;
        const Folder cache;
        from.write("export/siqa/validation.jsonl",
                   R"({"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c", "label": "2"})"
                   "\n");
        suites_test::fetch_from("siqa", from.path(), cache.path());
        CHECK(suites_test::select_tasks("siqa")
                  .at(0)
                  .render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1})
                  .at(0)
                  .target() == "1");
    }

    TEST_CASE("native formats with labels beside them are joined by line") {
        const Folder from;
        const Folder cache;
        from.write("piqa/valid.jsonl", R"({"goal": "g", "sol1": "a", "sol2": "b"})"
                                       "\n");
        CHECK(complaint([&] {
                  suites_test::fetch_from("piqa", from.path(), cache.path());
              }).find("there is no valid-labels.lst beside it") != std::string::npos);
        from.write("piqa/valid-labels.lst", "1\n0\n");
        CHECK(complaint([&] {
                  suites_test::fetch_from("piqa", from.path(), cache.path());
              }).find("1 rows, but 2 labels") != std::string::npos);
        from.write("piqa/valid-labels.lst", "1\n");
        suites_test::fetch_from("piqa", from.path(), cache.path());
        CHECK(suites::data::read_rows(cache.path("piqa/validation.jsonl")).at(0)["label"] == 1);
    }

    TEST_CASE("hellaswag boolq and winogrande are read in their native forms") {
        const Folder from;
        const Folder cache;
        from.write(
            "hellaswag_val.jsonl",
            R"({"ind": 1, "activity_label": "L", "ctx_a": "A.", "ctx_b": "b", "ctx": "A. b", "split": "val", "split_type": "x", "label": 2, "endings": ["1", "2", "3", "4"], "source_id": "s"})"
            "\n");
        from.write("boolq/dev.jsonl", R"({"question": "is it", "title": "T", "answer": true, "passage": "P"})"
                                      "\n");
        from.write("winogrande_1.1/dev.jsonl",
                   R"({"qID": "1", "sentence": "S _ e", "option1": "a", "option2": "b", "answer": "2"})"
                   "\n");
        suites_test::fetch_from("hellaswag,boolq,winogrande", from.path(), cache.path());
        CHECK(suites::data::read_rows(cache.path("hellaswag/validation.jsonl")).at(0)["label"] == "2");
        CHECK(suites::data::read_rows(cache.path("boolq/validation.jsonl")).at(0)["label"] == 1);
        CHECK(suites::data::read_rows(cache.path("winogrande/winogrande_xl/validation.jsonl")).at(0)["answer"] == "2");
    }

    TEST_CASE("dialogues and trivia are read in their native forms") {
        const Folder from;
        const Folder cache;
        from.write(
            "val_v0.2.json",
            R"({"data": [{"title": "T", "background": "B", "section_title": "S", "paragraphs": [{"id": "p", "context": "It is. CANNOTANSWER",
        "qas": [{"question": "Is it?", "answers": [{"text": "It is"}], "orig_answer": {"text": "It is"}}]}]}]})");
        from.write(
            "qa/wikipedia-dev.json",
            R"({"Data": [{"Question": "Who?", "QuestionId": "1", "Answer": {"Aliases": ["He", "Him"], "Value": "He"}}]})");
        suites_test::fetch_from("paper_quac,paper_triviaqa", from.path(), cache.path());
        CHECK(suites::data::read_rows(cache.path("quac/validation.jsonl")).at(0)["answers"]["texts"] ==
              Row::parse(R"([["It is"]])"));
        CHECK(suites::data::read_rows(cache.path("trivia_qa/rc.wikipedia.nocontext/validation.jsonl"))
                  .at(0)["answer"]["aliases"] == Row({"He", "Him"}));
    }

    TEST_CASE("TriviaQA has the questions about web pages and then those about Wikipedia") {
        const Folder from;
        const Folder cache;
        const auto write = [&](const std::string& name, const std::string& question) {
            from.write("qa/" + name, Row{{"Data",
                                          {{{"Question", question},
                                            {"QuestionId", "1"},
                                            {"Answer", {{"Aliases", {" He "}}, {"Value", "He\t"}}}}}}}
                                         .dump());
        };
        // Neither the verified part nor the unfiltered questions belong to it.
        write("verified-web-dev.json", "Verified?");
        write("unfiltered-web-dev.json", "Unfiltered?");
        write("web-dev.json", " Web? ");
        write("wikipedia-dev.json", "Wikipedia?");
        suites_test::fetch_from("triviaqa", from.path(), cache.path());
        const std::vector<Row> rows = suites::data::read_rows(cache.path("trivia_qa/rc.nocontext/validation.jsonl"));
        REQUIRE(rows.size() == 2);
        CHECK(rows[0]["question"] == "Web?");
        CHECK(rows[1]["question"] == "Wikipedia?");
        CHECK(rows[0]["answer"] == Row{{"aliases", {"He"}}, {"value", "He"}});
    }

    TEST_CASE("ToxiGen's annotated texts lose the marks of Python's bytes as in the data set") {
        const Folder from;
        const Folder cache;
        from.write("TOXIGEN/annotated_test.csv",
                   "text,target_group,toxicity_ai,toxicity_human\n"
                   "\"b'one, two'\",women,1.0,1.5\n"
                   "\"b\"\"it's\"\"\",women,4.0,4.5\n"
                   "they said 'so',women,1.0,2.0\n");
        suites_test::fetch_from("toxigen", from.path(), cache.path());
        const std::vector<Row> rows = suites::data::read_rows(cache.path("toxigen/annotated/test.jsonl"));
        REQUIRE(rows.size() == 3);
        CHECK(rows[0]["text"] == "one, two");
        CHECK(rows[1]["text"] == "it's");
        CHECK(rows[2]["text"] == "they said 'so");
    }

    TEST_CASE("a missing split and a bad row are reported and nothing is left behind") {
        const Folder from;
        const Folder cache;
        CHECK(complaint([&] {
                  suites_test::fetch_from("arc_easy", from.path(), cache.path());
              }).find("neither arc/ARC-Easy/test.jsonl") != std::string::npos);
        // Another split does not replace the task's split.
        from.write("ARC-Easy-Dev.jsonl", kArc);
        CHECK(complaint([&] {
                  suites_test::fetch_from("arc_easy", from.path(), cache.path());
              }).find("arc/ARC-Easy/test.jsonl") != std::string::npos);
        from.write("ARC-Easy-Test.jsonl", std::string(kArc) +
                                              R"({"id": "y", "question": {"stem": "?"}, "answerKey": "A"})"
                                              "\n");
        from.write("ARC-Easy-Train.jsonl", kArc);
        const std::string message = complaint([&] { suites_test::fetch_from("arc_easy", from.path(), cache.path()); });
        CHECK(message.find("ARC-Easy-Test.jsonl: row 2: there is no field \"choices\"") != std::string::npos);
        from.write(
            "ARC-Easy-Test.jsonl",
            R"({"id": "x", "question": {"stem": "?", "choices": [{"text": "a", "label": "A"}]}, "answerKey": "Z"})"
            "\n");
        CHECK(complaint([&] {
                  suites_test::fetch_from("arc_easy", from.path(), cache.path());
              }).find("names no choice: \"Z\"") != std::string::npos);
        CHECK(files_below(cache.path()) == 0);
        CHECK(std::filesystem::is_empty(cache.path()));
    }

    TEST_CASE("only the path below the folder decides a file's data set") {
        const Folder parent;
        const Folder cache;
        // All files are below a folder named after a data set; "dev.jsonl" of another set comes first by path.
        parent.write("social/all/a/dev.jsonl", "not rows of this set\n");
        parent.write("social/all/social_i_qa/dev.jsonl",
                     R"({"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"})"
                     "\n");
        parent.write("social/all/social_i_qa/dev-labels.lst", "2\n");
        suites_test::fetch_from("siqa", parent.path("social/all"), cache.path());
        CHECK(suites::data::read_rows(cache.path("siqa/validation.jsonl")).size() == 1);

        // A folder that is itself the data set needs none of its name below it.
        const Folder again;
        parent.write("social_alone/dev.jsonl",
                     R"({"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"})"
                     "\n");
        parent.write("social_alone/dev-labels.lst", "2\n");
        suites_test::fetch_from("siqa", parent.path("social_alone"), again.path());
        CHECK(suites::data::read_rows(again.path("siqa/validation.jsonl")).size() == 1);
    }

    TEST_CASE("a user's task brings its own tables") {
        const Folder from;
        const Folder tasks;
        const Folder cache;
        tasks.write(
            "fetch_own.json",
            R"({"name": "fetch_own", "version": 1, "profile": "own", "kind": "choice", "description": "d", "source": "s",
        "licence": "l", "citation": "c", "data": {"test": ["own/test.csv"], "columns": ["q", "right"]}, "prompt": "{{q}}",
        "choices": ["yes", "no"], "gold": "right", "gold_labels": ["y", "n"], "metrics": ["acc"]})");
        from.write("own/test.csv", "\"Is it, \"\"really\"\"?\",n\n");
        suites::Catalog catalog = suites_test::catalog();
        catalog.add_folder(tasks.path());
        const auto fetch = [&] {
            suites::fetch_from(
                catalog, "fetch_own",
                {.from = from.path(), .data_dir = cache.path(), .existing = suites::ExistingFiles::Replace});
        };
        fetch();
        const auto items =
            catalog.select("fetch_own").at(0).render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        CHECK(suites_test::prompt_text(items.at(0).requests.at(0)) == "Is it, \"really\"?");
        CHECK(items.at(0).target() == "1");
        from.write("own/test.csv", "only one field\n");
        CHECK(complaint(fetch).find("row 1 has 1 fields") != std::string::npos);
    }

    TEST_CASE("existing files are kept unless replacing is requested") {
        const Folder from;
        const Folder cache;
        const std::string row = R"({"goal":"g","sol1":"a","sol2":"b","label":0})";
        from.write("piqa/validation.jsonl", row + "\n");
        cache.write("piqa/validation.jsonl", row + "\n" + row + "\n");
        const auto lines =
            suites::fetch_from(suites_test::catalog(), "piqa", {.from = from.path(), .data_dir = cache.path()});
        CHECK(lines.at(0) == cache.path("piqa/validation.jsonl") + ": is there already and was kept");
        CHECK(suites::data::read_rows(cache.path("piqa/validation.jsonl")).size() == 2);
        // Existing files are checked like new ones.
        cache.write("piqa/validation.jsonl", R"({"goal":"g","sol1":"a","label":0})");
        CHECK(complaint([&] {
                  suites::fetch_from(suites_test::catalog(), "piqa", {.from = from.path(), .data_dir = cache.path()});
              }).find("there is no field \"sol2\"") != std::string::npos);
        suites_test::fetch_from("piqa", from.path(), cache.path());
        CHECK(suites::data::read_rows(cache.path("piqa/validation.jsonl")).size() == 1);
    }

    TEST_CASE("rows of few-shot examples are checked too") {
        const Folder from;
        const Folder cache;
        const std::string right = R"({"goal": "g", "sol1": "a", "sol2": "b", "label": 0})";
        from.write("piqa/validation.jsonl", right + "\n");
        from.write("piqa/train.jsonl", right + "\n" + R"({"goal": "g", "sol1": "a", "label": 0})" + "\n");
        const std::string message = complaint([&] { suites_test::fetch_from("piqa", from.path(), cache.path()); });
        CHECK(message.find("train.jsonl") != std::string::npos);
        CHECK(message.find("document 1: there is no field \"sol2\"") != std::string::npos);
        CHECK(std::filesystem::is_empty(cache.path()));
    }

    TEST_CASE("leftovers of killed fetches are removed but not those of running ones") {
        const Folder from;
        const Folder cache;
        from.write("ARC-Easy-Test.jsonl", kArc);
        cache.write(".fetch-0123/arc/ARC-Easy/test.jsonl", "half a ro");
        cache.write(".fetch-4567/arc/ARC-Easy/test.jsonl", "half a ro");
        const int living = ::open(cache.path(".fetch-4567").c_str(), O_RDONLY | O_DIRECTORY);
        REQUIRE(::flock(living, LOCK_EX) == 0);
        suites_test::fetch_from("arc_easy", from.path(), cache.path());
        CHECK_FALSE(std::filesystem::exists(cache.path(".fetch-0123")));
        CHECK(std::filesystem::exists(cache.path(".fetch-4567")));
        ::close(living);
        suites_test::fetch_from("arc_easy", from.path(), cache.path());
        CHECK(files_below(cache.path()) == 1);
    }

    TEST_CASE("a folder that cannot be written is not reported as a mistake of the call") {
        const Folder from;
        from.write("ARC-Easy-Test.jsonl", kArc);
        for (const std::string cache : {"/dev/null/cache", "/proc/cache"}) {
            CAPTURE(cache);
            std::string message;
            try {
                suites_test::fetch_from("arc_easy", from.path(), cache);
            } catch (const suites::SuiteError&) {
                message = "a SuiteError";
            } catch (const std::runtime_error& error) {
                message = error.what();
            }
            CHECK(message.find("cannot be written") != std::string::npos);
        }
    }

    TEST_CASE("originals of wrong types and depths are reported with file and row") {
        const Folder from;
        const Folder cache;
        const auto told = [&](const char* task) {
            return complaint([&] { suites_test::fetch_from(task, from.path(), cache.path()); });
        };
        from.write("agieval/aqua-rat.jsonl", R"({"passage": null, "question": "q", "options": [3], "label": "A"})"
                                             "\n");
        CHECK(told("agieval_aqua_rat")
                  .find("aqua-rat.jsonl: row 1: field \"options\" must be a list of strings, but one is a number") !=
              std::string::npos);
        from.write("dev-v2.0.json", R"({"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": "1",
            "question": "q", "answers": [{"text": 3, "answer_start": 0}]}]}]}]})");
        CHECK(told("squadv2").find("row 1 of \"data\": field \"text\" must be a string, not a number") !=
              std::string::npos);
        from.write("dev-v2.0.json", R"({"data": [{"title": "t", "paragraphs": [3]}]})");
        CHECK(wrong_types::library_word(told("squadv2")) == nullptr);
        const std::string deep = std::string(500000, '[') + std::string(500000, ']');
        from.write("dev-v2.0.json", "{\"data\": " + deep + "}");
        CHECK(told("squadv2").find("dev-v2.0.json: not JSON: lists and objects are nested more than") !=
              std::string::npos);
        from.write("mc_task.json", deep);
        CHECK(told("truthfulqa_mc1").find("levels deep") != std::string::npos);
        from.write("hellaswag.json", "{\"dev\": " + deep + "}");
        CHECK(told("hellaswag_abstainqa").find("levels deep") != std::string::npos);
        CHECK(files_below(cache.path()) == 0);
    }

    TEST_CASE("fetching again replaces the old files completely") {
        const Folder from;
        const Folder cache;
        from.write("ARC-Easy-Test.jsonl", kArc);
        suites_test::fetch_from("arc_easy", from.path(), cache.path());
        from.write("ARC-Easy-Test.jsonl", "broken\n");
        CHECK_FALSE(complaint([&] { suites_test::fetch_from("arc_easy", from.path(), cache.path()); }).empty());
        CHECK(suites::data::read_rows(cache.path("arc/ARC-Easy/test.jsonl")).size() == 1);
    }

    TEST_CASE("mmlu tables are read without column names and answers outside A to D are reported") {
        const Folder from;
        const Folder cache;
        from.write("anatomy_test.csv", "\"one, two\",a,b,c,d,C\n");
        from.write("anatomy_dev.csv", "q,a,b,c,d,E\n");
        CHECK(complaint([&] {
                  suites_test::fetch_from("mmlu_anatomy", from.path(), cache.path());
              }).find("anatomy_dev.csv: row 1: the answer is 'E'") != std::string::npos);
        from.write("anatomy_dev.csv", "q,a,b,c,d,A\n");
        suites_test::fetch_from("mmlu_anatomy", from.path(), cache.path());
        CHECK(suites::data::read_rows(cache.path("mmlu/anatomy/test.jsonl")).at(0) ==
              Row::parse(
                  R"({"question": "one, two", "subject": "anatomy", "choices": ["a", "b", "c", "d"], "answer": 2})"));
    }
}
