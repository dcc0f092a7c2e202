// The cases of the shared folder, as a user would run them. Their right values are in the README of each.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/harness/cli/case.hpp"
#include "tests/harness/store/ordinary_user.hpp"

using nlohmann::json;

namespace {

/// The calls of bellwether in the line of a README that is indented and holds `word`, without the program's name.
std::vector<std::vector<std::string>> calls_in(const std::string& readme, const std::string& word) {
    std::vector<std::vector<std::string>> calls;
    std::istringstream lines(readme);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("    ") || line.find(word) == std::string::npos) continue;
        std::istringstream commands(line);
        for (std::string command; std::getline(commands, command, ';');) {
            std::istringstream words(command);
            calls.emplace_back();
            for (std::string one; words >> one;) calls.back().push_back(one);
            calls.back().erase(calls.back().begin());
        }
    }
    return calls;
}

}  // namespace

TEST_SUITE("cli.cases") {
    TEST_CASE("case 3: pass@K with a filter that leaves fewer than K samples is refused") {
        const Case folder("03-pass-at-k");
        if (!folder.is_there()) return;
        const Result result = folder.run("passk_first", "tasks", "data");
        CHECK(result.code == 2);
        CHECK(result.err.find("'pass@2,one', which needs 2 samples") != std::string::npos);
        CHECK(result.err.find("'pass@4,vote', which needs 4 samples") != std::string::npos);
    }

    TEST_CASE("case 4: a task without documents is refused and leaves no database") {
        const Case folder("04-no-documents");
        if (!folder.is_there()) return;
        for (const char* suite : {"empty_jsonl", "empty_list", "header_only"}) {
            const Result result = folder.run(suite, "tasks", "data");
            INFO(result.err);
            CHECK(result.code == 2);
            CHECK(result.err.find("no documents in") != std::string::npos);
        }
        CHECK_FALSE(folder.made_database());
        CHECK(folder.run("mac_csv", "tasks", "data").code == 0);
        const json run = json::parse(folder.call({"show", "1", "--json"}).out);
        CHECK(run["tasks"][0]["items"] == 2);
    }

    TEST_CASE("case 5: verbs that write nothing read a read-only database in a read-only folder") {
        const Case folder("05-read-only-database");
        if (!folder.is_there()) return;
        namespace fs = std::filesystem;
        const auto calls = calls_in(content_of(folder / "README.md"), "bellwether runs");
        REQUIRE(calls.size() == 4);
        const Temporary& place = folder.folder();
        fs::create_directory(place / "d");
        REQUIRE(folder.call({"run", "--suite", "demo", "--limit", "3", "--model", "demo:base", "--db", "d/x.sqlite"})
                    .code == 0);
        fs::permissions(place / "d/x.sqlite", fs::perms(0444));
        fs::permissions(place / "d", fs::perms(0555));
        fs::permissions(place.path(), fs::perms(0777));
        for (const std::vector<std::string>& call : calls) {
            CAPTURE(call[0]);
            CHECK(holds_for_ordinary_user([&] { return folder.call(call).code == 0; }));
        }
        CHECK(names_in(place / "d") == std::vector<std::string>{"x.sqlite"});
        CHECK(fs::exists(place / "r.html"));
        fs::permissions(place / "d", fs::perms(0755));
    }

    TEST_CASE("case 6: documents pair by content and a changed correct answer is another document") {
        const Case folder("06-compare-other-documents");
        if (!folder.is_there()) return;
        for (const char* data : {"data-a", "data-gold-changed", "data-reversed"}) folder.run("words", "tasks", data);
        const json changed = folder.compared("1", "2");
        CHECK(changed["differences"][0]["items"] == 58);
        CHECK(changed["not_compared"][0]["reason"].get<std::string>().starts_with("2 documents of demo:base (run 1)"));
        const json reversed = folder.compared("1", "3");
        CHECK(reversed["differences"][0]["items"] == 60);
        CHECK(reversed["differences"][0]["difference"] == 0);
        CHECK(reversed["differences"][0]["only_base"] == 0);
        CHECK(reversed["differences"][0]["only_run"] == 0);
        CHECK(reversed["not_compared"].empty());
    }

    TEST_CASE("case 7: another prompt stands with the settings that differ and tells the runs apart") {
        const Case folder("07-compare-other-settings");
        if (!folder.is_there()) return;
        for (const char* tasks : {"tasks-a", "tasks-b"}) folder.run("words", tasks, "data");
        std::vector<std::string> names;
        const json compared = folder.compared("1", "2");
        for (const json& setting : compared["settings_that_differ"]) names.push_back(setting["setting"]);
        CHECK(std::find(names.begin(), names.end(), "task definition: prompt") != names.end());
        CHECK(folder.call({"runs"}).out.find("prompt \"Q: {{q}}\\nA:\"") != std::string::npos);
    }

    TEST_CASE("case 8: threads and much output fail no program and each failure says why") {
        const Case folder("08-sandbox-limits");
        if (!folder.is_there()) return;
        const Result result = folder.run("limits_a", "tasks", "data");
        INFO(result.err);
        REQUIRE(result.code == 0);
        const auto item = [&folder](int number) {
            return folder.call({"show", "1", "--item", std::to_string(number)}).out;
        };
        const json metric = folder.shown("1")["tasks"][0]["metrics"][0];
        CHECK(metric["name"] == "pass@1");
        CHECK(metric["value"] == 0.6);  // rows 0, 1 and 2 of five
        CHECK(item(3).find("CPU time") != std::string::npos);
        CHECK(item(4).find("AssertionError") != std::string::npos);
        for (const int passed : {0, 1, 2}) CHECK(item(passed).find("pass@1: 1") != std::string::npos);
    }

    TEST_CASE("case 9: a log-probability that is not a number marks its item with a remedy and the rest is imported") {
        for (const char* form : {"09-import-nan/text", "09-import-nan/bare"}) {
            const Case folder(form);
            if (!folder.is_there()) return;
            const Result result = folder.call({"import", folder / "samples_conc_2025-01-02T03-04-05.000000.jsonl"});
            CHECK(result.code == 0);
            const json run = json::parse(folder.call({"show", "1", "--json"}).out);
            CHECK(run["tasks"][0]["items"] == 4);
            CHECK(run["tasks"][0]["errors"] == 1);
            const std::string reason = run["tasks"][0]["error_reasons"][0]["error"];
            CHECK(reason.find("nan") != std::string::npos);
            CHECK(reason.find("evaluate the document there again") != std::string::npos);
        }
    }

    TEST_CASE("case 11: the chat format is the one of the model's template or none") {
        const Case folder("11-chat-format");
        if (!folder.is_there()) return;
        const auto prompt = [&folder](const std::string& model, const std::string& run) {
            folder.run("chat_task", "tasks", "data", folder / model);
            return json::parse(folder.call({"show", run, "--item", "0", "--json"}).out)["requests"][0]["context"];
        };
        CHECK(prompt("no_template.gguf", "1") == "hello");
        CHECK(prompt("chatml.gguf", "2") == "<s><|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n");
    }

    TEST_CASE("case 12: integers beyond 2^53 keep their digits") {
        const Case folder("12-big-whole-numbers");
        if (!folder.is_there()) return;
        const json request = json::parse(folder
                                             .call({"suites", "render", "big_number", "--tasks", folder / "tasks",
                                                    "--data", folder / "data", "--jsonl"})
                                             .out);
        CHECK(request["context"] == "123456789012345678901");
        CHECK(request["target"] == "123456789012345678902");
    }

    TEST_CASE("case 13: a folder of tasks precedes a name and a path holds a comma and a database is a file") {
        const Case readme("13-options");
        const Case tasks("12-big-whole-numbers");
        const Case model("01-tensors-ignored");
        if (!readme.is_there() || !tasks.is_there() || !model.is_there()) return;
        for (const char* verb : {"render", "show", "fetch"}) {
            std::vector<std::string> call = {"suites", verb, "--tasks", tasks / "tasks", "big_number"};
            if (verb != std::string("show")) call.insert(call.end(), {"--data", tasks / "data"});
            if (verb == std::string("fetch")) call.insert(call.end(), {"--from", tasks / "data"});
            const Result result = readme.call(call);
            CAPTURE(result.err);
            CHECK(result.err.find("big_number: cannot be read") == std::string::npos);
            if (verb != std::string("fetch")) CHECK(result.code == 0);  // its data has no public original
        }
        const Temporary& place = readme.folder();
        std::filesystem::create_directory(place / "dir,with comma");
        std::filesystem::copy_file(model / "plain.gguf", place / "dir,with comma/m.gguf");
        for (const char* path : {"dir,with comma/m.gguf", "\"dir,with comma/m.gguf\""}) {
            const Result result =
                readme.call({"run", "--model", path, "--suite", "demo_facts", "--limit", "1", "--json"});
            CAPTURE(result.err);
            CHECK(result.code == 0);
        }
        const std::vector<std::string> before = names_in(place.path());
        for (const char* name : {":memory:", "file:x.sqlite"}) {
            const Result result =
                readme.call({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db", name});
            CHECK(result.code == 2);
            CHECK(result.err.find(name) != std::string::npos);
        }
        CHECK(names_in(place.path()) == before);
    }
}
