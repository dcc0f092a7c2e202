#include <doctest/doctest.h>

#include <filesystem>

#include "tests/harness/interchange/logs.hpp"
#include "tests/harness/interchange/words.hpp"

using nlohmann::json;

TEST_SUITE("interchange.verbs") {
    TEST_CASE("a log is imported and shown and compared and exported") {
        const Temporary folder;
        const std::string db = " --db " + folder / "a.sqlite";
        const std::string first = folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl";
        const std::string second = folder / "samples_arc_easy_2025-01-03T03-04-05.678.jsonl";
        logs::write(first, logs::choice_object(0) + logs::choice_object(1));
        logs::write(second, logs::choice_object(0) + logs::choice_object(1, 0));

        const json imported = json::parse(bellwether("import --format lm-eval --model one --json " + first + db).out);
        CHECK(imported.at("run") == 1);
        CHECK(imported.at("items") == 2);
        CHECK(imported.at("was_there") == false);
        CHECK(json::parse(bellwether("import --model one --json " + first + db).out).at("was_there") == true);
        CHECK(bellwether("import --model two " + second + db).out == "Run 2: two, items: 2, tasks: 1\n");

        const json shown = json::parse(bellwether("show 2 --json" + db).out);
        CHECK(shown.at("tasks").at(0).at("metrics").at(0).at("value") == 0.5);

        const Result same = bellwether("compare 1 1 --items --expect-identical" + db);
        CHECK(same.code == 0);
        const Result different = bellwether("compare 1 2 --items --expect-identical" + db);
        CHECK(different.code == 1);
        CHECK(different.out.find("arc_easy document 1\n    acc: 1 | 0") != std::string::npos);
        CHECK(json::parse(bellwether("compare 1 2 --items --json" + db).out).at("tasks").at(0).at("different") == 1);
        CHECK(bellwether("compare 1 2 --tolerance 1" + db).code == 2);

        const std::string out = folder / "out";
        const Result exported = bellwether("export 2 --format lm-eval --out " + out + db);
        CHECK(exported.code == 0);
        CHECK(std::filesystem::exists(out + "/samples_arc_easy_1970-01-01T00-00-00.000000.jsonl"));
        CHECK(json::parse(read_all(out + "/results_1970-01-01T00-00-00.000000.json"))
                  .at("results")
                  .at("arc_easy")
                  .at("acc,none") == 0.5);
        CHECK(bellwether("import --json " + out + "/samples_arc_easy_1970-01-01T00-00-00.000000.jsonl" + db).code == 0);
        CHECK(bellwether("compare 2 3 --items --tolerance 0 --expect-identical" + db).code == 0);
    }

    TEST_CASE("published numbers are shown with a run in every format") {
        const Temporary folder;
        const std::string db = " --db " + folder / "a.sqlite";
        logs::write(folder / "samples_paper_arc_easy.jsonl", logs::choice_object(0) + logs::choice_object(1, 0));
        REQUIRE(bellwether("import --profile llama2-paper " + folder / "samples_paper_arc_easy.jsonl" + db).code == 0);
        CHECK(bellwether("show 1 --against llama-2-7b" + db).out.find("0.7520") != std::string::npos);
        const json shown = json::parse(bellwether("show 1 --against llama-2-7b --json" + db).out);
        CHECK(shown.at("run") == 1);
        CHECK(shown.at("published").at(0).at("table") == "20");
        CHECK(bellwether("compare 1 1 --against llama-2-7b" + db).out.find("0.7520") != std::string::npos);
        CHECK(json::parse(bellwether("compare 1 1 --against llama-2-7b --json" + db).out).at("published").size() == 2);
        for (const char* file : {"r.md", "r.html", "r.json"}) {
            CAPTURE(std::string(file));
            CHECK(bellwether("report 1 --against llama-2-7b --out " + folder / file + db).code == 0);
            CHECK(read_all(folder / file).find("0.752") != std::string::npos);
            CHECK(bellwether("report 1 --out " + folder / file + db).code == 0);
            CHECK(read_all(folder / file).find("0.752") == std::string::npos);
        }
        const Result wrong = bellwether("show 1 --against lama-2-7b" + db);
        CHECK(wrong.code == 2);
        CHECK(wrong.err.find("did you mean \"llama-2-7b\"") != std::string::npos);
    }

    TEST_CASE("a wrong call or a wrong file is exit code 2 and creates no database") {
        const Temporary folder;
        const std::string db = " --db " + folder / "a.sqlite";
        logs::write(folder / "samples_t.jsonl", logs::choice_object(0) + "{}\n");
        const Result wrong = bellwether("import " + folder / "samples_t.jsonl" + db);
        CHECK(wrong.code == 2);
        CHECK(wrong.err.find("samples_t.jsonl: row 2: field \"doc_id\" is missing") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder / "a.sqlite"));
        CHECK(bellwether("import " + folder / "none.jsonl" + db).code == 2);
        CHECK(bellwether("import --format csv " + folder / "samples_t.jsonl" + db).code == 2);
        logs::write(folder / "samples_t.jsonl", logs::choice_object(0));
        REQUIRE(bellwether("import " + folder / "samples_t.jsonl" + db).code == 0);
        CHECK(bellwether("export 1 --format lm-eval" + db).err.find("name a folder with --out") != std::string::npos);
        CHECK(bellwether("export 1 --format lm-eval --jsonl" + db).code == 2);
        CHECK(bellwether("export 1 --jsonl" + db).out == bellwether("export 1" + db).out);
    }
}
