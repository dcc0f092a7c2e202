#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/engine/shared_data.hpp"
#include "tests/harness/cli/run_json.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using nlohmann::json;

namespace {

const std::string kBook =
    "The shepherd counted her sheep at dusk and found one more than in the morning. She counted again, slowly, by the "
    "colour of their ears, and found the same number. Nobody had come over the hill that day.\n";

/// What may differ between two calls.
json without_speed(json ladder) {
    for (json& model : ladder["models"]) {
        model.erase("prompt_tokens_per_second");
        model.erase("answer_tokens_per_second");
    }
    return ladder;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("a ladder compares predictions and scores and names of its models") {
        const Temporary folder;
        put(folder / "book.txt", kBook);
        const json report = run_json({"ladder", "demo:base", "demo:chat", "--text", folder / "book.txt", "--window",
                                      "64", "--suite", "demo_facts", "--limit", "6", "--db", folder / "db.sqlite",
                                      "--out", folder / "ladder.json", "--json"});
        const json& ladder = report["ladder"];
        CHECK(ladder["text"] == "book.txt");
        CHECK(ladder["reference"] == "demo:base");
        REQUIRE(ladder["models"].size() == 2);
        CHECK(ladder["models"][0]["divergence"]["kl"]["value"] == 0);
        CHECK(ladder["models"][1]["divergence"]["kl"]["value"] > 0);
        CHECK(ladder["models"][1]["divergence"]["kl"]["stderr"] > 0);
        CHECK(ladder["models"][1]["answer_tokens_per_second"] > 0);
        CHECK(ladder["models"][1]["scores"][0]["flips"] >= 0);
        CHECK(report["runs"].size() == 2);
        // The perplexity is that of the verb of this name.
        const json rolling = run_json({"perplexity", "demo:chat", folder / "book.txt", "--context", "64", "--json"});
        CHECK(ladder["models"][1]["divergence"]["perplexity"]["value"].get<double>() ==
              doctest::Approx(rolling["token_perplexity"].get<double>()).epsilon(1e-6));
        CHECK(ladder["tokens"] == rolling["tokens"]);
        // A report takes the ladder from the file and the scores from its runs.
        REQUIRE(run({"report", "1", "2", "--db", folder / "db.sqlite", "--ladder", folder / "ladder.json", "--out",
                     folder / "again.json"})
                    .code == 0);
        CHECK(json::parse(content_of(folder / "again.json"))["ladder"] == ladder);
    }

    TEST_CASE("divergences have the same bits whatever the batch") {
        const Temporary folder;
        put(folder / "book.txt", kBook);
        const auto ladder = [&folder](const char* batch) {
            return without_speed(run_json({"ladder", "demo:base", "demo:chat", "--text", folder / "book.txt",
                                           "--window", "48", "--batch", batch, "--json"})["ladder"]);
        };
        CHECK(ladder("64") == ladder("512"));
    }

    TEST_CASE("mistakes are found before anything is computed") {
        const Temporary folder;
        put(folder / "book.txt", kBook);
        put(folder / "empty.txt", "");
        put(folder / "broken.gguf", "no model");
        const auto refused = [&folder](const std::vector<std::string>& more, const std::string& reason) {
            std::vector<std::string> call = {"ladder"};
            call.insert(call.end(), more.begin(), more.end());
            const Result result = run(call);
            CAPTURE(result.err);
            CHECK(result.code == 2);
            CHECK(result.out.empty());
            CHECK(result.err.find(reason) != std::string::npos);
        };
        const std::string book = folder / "book.txt";
        refused({"demo:base", "--text", folder / "empty.txt"}, "nothing to predict");
        refused({"demo:base", "--text", folder / "missing.txt"}, "missing.txt");
        refused({"demo:base", folder / "broken.gguf", "--text", book}, "broken.gguf");
        refused({"demo:base", "--text", book, "--out", "x.pdf"}, ".html, .md, .json or .csv");
        refused({"demo:base", "--text", book, "--suite", "nothing"}, "nothing");
        refused({"demo:base", "--text", book, "--limit", "3"}, "--suite");
        refused({"demo:base", "--text", book, "--window", "257"}, "a context of 256 tokens");
        refused({"demo:base", "--text", book, "--suite", "humaneval"}, "runs programs");
        const auto other = shared_data("models/quant/a-Q2_K.gguf");
        if (other) refused({"demo:base", other->string(), "--text", book}, "cannot be compared");
    }

    TEST_CASE("a model that fails later is listed and the others go on") {
        const auto path = shared_data("models/quant/a-F32.gguf");
        if (!path) return;
        const Temporary folder;
        put(folder / "book.txt", kBook);
        // All bits of the last weights are ones: not numbers.
        std::string bytes = content_of(path->string());
        std::fill(bytes.end() - 4096, bytes.end(), '\xff');
        put(folder / "broken.gguf", bytes);
        const Result result =
            run({"ladder", path->string(), folder / "broken.gguf", (path->parent_path() / "a-Q8_0.gguf").string(),
                 "--text", folder / "book.txt", "--reference", path->string(), "--json"});
        CHECK(result.code == 3);
        const json models = json::parse(result.out)["ladder"]["models"];
        REQUIRE(models.size() == 3);
        CHECK(models[1]["model"] == "broken");
        CHECK(models[1]["divergence"].is_null());
        CHECK(models[1]["failure"].get<std::string>().find("not finite") != std::string::npos);
        CHECK(models[2]["divergence"]["kl"]["value"] > 0);
    }
}
