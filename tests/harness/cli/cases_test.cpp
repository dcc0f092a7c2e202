// The cases of the shared folder, as a user would run them. Their right values are in the README of each.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/harness/cli/call.hpp"

using nlohmann::json;

namespace {

/// A folder of the shared cases with a database of its own.
class Case {
public:
    explicit Case(const std::string& name) : path_(shared_data("cases/" + name)) {}

    bool is_there() const { return path_.has_value(); }
    std::string operator/(const std::string& file) const { return (*path_ / file).string(); }

    Result call(const std::vector<std::string>& arguments) const { return Call(arguments).in(folder_.path()).run(); }

    Result run(const std::string& suite, const std::string& tasks, const std::string& data,
               const std::string& model = "demo:base") const {
        return call({"run", "--suite", suite, "--tasks", *this / tasks, "--data", *this / data, "--model", model,
                     "--allow-code-execution"});
    }

    json compared(const std::string& first, const std::string& second) const {
        return json::parse(call({"compare", first, second, "--json"}).out);
    }

    bool made_database() const { return std::filesystem::exists(folder_ / "bellwether.sqlite"); }

private:
    std::optional<std::filesystem::path> path_;
    Temporary folder_;
};

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
}
