#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/harness/interchange/outputs.hpp"
#include "tests/harness/interchange/words.hpp"

using nlohmann::json;

namespace {

struct Malformed {
    const char* file;
    const char* content;
    const char* message;  ///< a part of it
};

constexpr const char* kGood = R"({"id": "own-1", "output": "x"})"
                              "\n";

const Malformed kMalformed[] = {
    {"a.jsonl", "", "a.jsonl: no outputs"},
    {"a.csv", "", "a.csv: the file is empty"},
    {"a.xlsx", "PK", "must end in .jsonl, .json, .csv or .tsv"},
    {"a.jsonl", R"({"id": "own-1", "output": "x")", "a.jsonl: line 1 is not a JSON object"},
    {"a.jsonl", "[1, 2]", "a.jsonl: line 1 is not a JSON object"},
    {"a.json", R"({"id": "own-1", "output": "x"})", "a.json: not a JSON array of objects"},
    {"a.json", "[1]", "a.json: element 0 is not a JSON object"},
    {"a.json", R"([{"id": "own-1", "output": "x"})", "a.json: not JSON"},
    {"a.csv", "id,output\nown-1,x,y\n", "a.csv: row 2 has 3 fields, there are 2 columns"},
    {"a.csv", "id,output\nown-1,\"x\n", "a.csv: row 2: a quote is not closed"},
    {"a.csv", "id,id,output\na,b,c\n", "a.csv: two columns have one name"},
    {"a.csv", "id,output\nown-1,caf\xE9\n", "a.csv: row 2 is not UTF-8"},
    {"a.csv", "name,text\na,b\n", "row 1: no field holds the output; known: output, response, completion"},
    {"a.jsonl", R"({"output": "x"})", "row 1: no field tells the prompt or its id; known: id"},
    {"a.jsonl", R"({"id": "own-1", "output": null})", "row 1: field \"output\": must be a string"},
    {"a.jsonl", R"({"id": "own-1", "response": 4})", "row 1: field \"response\": must be a string"},
    {"a.jsonl", R"({"id": "own-1", "output": []})",
     "row 1: field \"output\": must be a string or a list of strings, not an empty list"},
    {"a.jsonl", R"({"id": "own-1", "output": ["x", 1]})",
     "row 1: field \"output\": must be a list of strings, but one is a number"},
    {"a.jsonl", R"({"id": ["own-1"], "output": "x"})", "row 1: field \"id\": must be a string or an integer"},
    {"a.jsonl", R"({"prompt": {"a": 1}, "output": "x"})", "row 1: field \"prompt\": must be a string"},
    {"a.jsonl", R"({"turns": "Hello", "output": "x"})", "row 1: field \"turns\": must be a list of turns"},
    {"a.jsonl", R"({"turns": [{"role": "robot", "content": "a"}], "output": "x"})", "unknown role 'robot'"},
    {"a.jsonl", R"({"turns": [{"role": "user"}], "output": "x"})", "turn 1 has no \"content\" that is a string"},
    {"a.jsonl", R"({"turns": [{"role": "assistant", "content": "a"}], "output": "x"})",
     "must end with a turn of the user"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "model": 7})",
     "row 1: field \"model\": must be a string, not a number"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "settings": [1]})", "row 1: field \"settings\": must be an object"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "settings": {"a": [1]}})", "field \"settings\": \"a\" must be"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "date": "31.1.2025"})", "row 1: field \"date\": expected a date"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "date": "2025-13-01"})", "row 1: field \"date\": expected a date"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "sample": -1})", "row 1: field \"sample\": expected an integer"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "sample": 1.5})", "row 1: field \"sample\": expected an integer"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "sample": 2})", "row 1: field \"sample\": is 2, and lower numbers"},
    {"a.jsonl", R"({"id": "own-1", "output": ["x", "y"], "sample": 0})", "field \"sample\": is given"},
    {"a.jsonl", R"({"id": "own-1", "output": "x", "finish": "tired"})",
     "field \"finish\": expected eos, stop or length"},
    {"a.jsonl", R"({"id": "own-1", "output_base64": "?"})", "row 1: field \"output_base64\": is not base64"},
    {"a.jsonl", R"({"id": "own-1", "error": 5})", "row 1: field \"error\": must be a string"},
    {"a.jsonl", R"({"id": "nobody", "output": "x"})", "none of the outputs belongs to a prompt of a task"},
    {"a.jsonl",
     "{\"id\": \"own-1\", \"output\": \"x\"}\n{\"id\": \"own-1\", \"output\": \"y\"}\n{\"id\": \"own-2\", \"output\": "
     "\"z\"}\n",
     "row 3: the prompt has 1 outputs, that of"},
    {"a.jsonl",
     "{\"id\": \"own-1\", \"output\": \"x\", \"sample\": 0}\n{\"id\": \"own-1\", \"output\": \"y\", \"sample\": 0}\n",
     "row 2: field \"sample\": the prompt has an output with the number 0 already"},
    {"a.jsonl", "{\"id\": \"own-1\", \"output\": \"x\"}\n{\"id\": \"own-1\", \"error\": \"y\"}\n",
     "row 2: field \"error\": the prompt has outputs too"},
    {"a.jsonl",
     "{\"id\": \"own-1\", \"output\": \"x\", \"model\": \"a\"}\n{\"id\": \"own-2\", \"output\": \"y\", \"model\": "
     "\"b\"}\n",
     "row 2: field \"model\": there are outputs of several models"},
};

}  // namespace

TEST_SUITE("interchange.outputs.verbs") {
    TEST_CASE("a malformed file of outputs is exit code 2 with file and row and field and nothing is stored") {
        for (const Malformed& each : kMalformed) {
            CAPTURE(std::string(each.content));
            const Temporary folder;
            outputs::write_set(folder);
            const Temporary malformed;  // the other folder's .json files are tasks
            logs::write(malformed / each.file, each.content);
            const std::string db = folder / "a.sqlite";
            const Result result =
                bellwether("import --format outputs " + malformed / each.file + " --suite own --tasks " +
                           folder.path() + " --data " + folder.path() + " --db " + db);
            CHECK(result.code == 2);
            CAPTURE(result.err);
            // Lines are folded to the width of a terminal.
            std::string message = result.err;
            for (char& c : message) c = c == '\n' ? ' ' : c;
            CHECK(message.find(each.message) != std::string::npos);
            CHECK_FALSE(std::filesystem::exists(db));
        }
    }

    TEST_CASE("outputs are imported and shown and compared and exported like a run of our own") {
        const Temporary folder;
        outputs::write_set(folder);
        const std::string set = " --tasks " + folder.path() + " --data " + folder.path();
        const std::string db = " --db " + folder / "a.sqlite";
        logs::write(folder / "a.jsonl", R"({"id": "own-1", "output": "I cannot help with that."})"
                                        "\n"
                                        R"({"id": "own-2", "output": "Twice."})"
                                        "\n"
                                        R"({"id": "own-8", "output": "?"})"
                                        "\n");
        logs::write(folder / "b.csv", "id,output\nown-1,Sure.\nown-2,Twice.\n");
        const std::string import = "import --format outputs --suite own" + set + db;
        const Result one = bellwether(import + " --model one " + folder / "a.jsonl");
        CHECK(one.code == 0);
        CHECK(one.out == "Run 1: one, items: 2, tasks: 1\n");
        CHECK(one.err.find("1 outputs belong to no prompt and were left out") != std::string::npos);
        CHECK(one.err.find("own: 3 of 5 prompts have no output") != std::string::npos);
        const json two = json::parse(bellwether(import + " --json " + folder / "b.csv").out);
        CHECK(two.at("model") == "b");
        CHECK(two.at("unmatched") == 0);
        CHECK(two.at("coverage").at(0) == json{{"task", "own"}, {"documents", 5}, {"answered", 2}});
        CHECK(json::parse(bellwether(import + " --json " + folder / "b.csv").out).at("was_there") == true);

        const json shown = json::parse(bellwether("show 1 --json" + db).out);
        CHECK(shown.at("tasks").at(0).at("metrics").at(0).at("name") == "refusal");
        CHECK(shown.at("tasks").at(0).at("metrics").at(0).at("value") == 0.5);
        CHECK(bellwether("show 1 --item 0" + db).out.find("=> I cannot help with that.") != std::string::npos);
        const Result items = bellwether("compare 1 2 --items --expect-identical" + db);
        CHECK(items.code == 1);
        CHECK(items.out.find("refusal: 1 | 0") != std::string::npos);
        CHECK(bellwether("report 1 2 --out " + folder / "r.md" + db).code == 0);
        CHECK(bellwether("export 1 --jsonl" + db).out.find("\"output\":\"Twice.\"") != std::string::npos);

        CHECK(bellwether("export 1 --format outputs --out " + folder / "out.jsonl" + db).code == 0);
        CHECK(bellwether(import + " " + folder / "out.jsonl").out.find("Run 3: one, items: 2") == 0);
        CHECK(bellwether("compare 1 3 --items --tolerance 0 --expect-identical" + db).code == 0);
    }

    TEST_CASE("a task that cannot take outputs and options of the other format are refused") {
        const Temporary folder;
        logs::write(folder / "a.jsonl", kGood);
        const std::string file = " " + folder / "a.jsonl";
        const std::string db = " --db " + folder / "a.sqlite";
        for (const char* suite : {"arc_easy", "humaneval", "squadv2"}) {
            CAPTURE(std::string(suite));
            const Result result = bellwether(fmt::format("import --format outputs --suite {}{}{}", suite, db, file));
            CHECK(result.code == 2);
            CHECK(result.err.find("cannot take outputs") != std::string::npos);
        }
        CHECK(bellwether("import --format outputs --suite no_such_task" + db + file).code == 2);
        CHECK(bellwether("import --format outputs --profile lmeval" + db + file).code == 2);
        CHECK(bellwether("import --suite safety" + db + file).code == 2);
        CHECK_FALSE(std::filesystem::exists(folder / "a.sqlite"));
    }
}
