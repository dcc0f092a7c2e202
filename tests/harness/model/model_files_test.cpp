// Calls the program with model files that are not Llama 2's.

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/engine/small_model.hpp"
#include "tests/harness/binary.hpp"
#include "tests/support/files.hpp"
#include "tests/support/text.hpp"

using nlohmann::json;

namespace {

constexpr const char* kChatMl =
    "{% for m in messages %}<|im_start|>{{m['role']}}\n{{m['content']}}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";
constexpr const char* kLlama3 = "<|start_header_id|>{{role}}<|end_header_id|>";

/// A chat task of one document, and model files.
class Setup {
public:
    Setup() {
        std::filesystem::create_directories(folder_ / "tasks");
        std::filesystem::create_directories(folder_ / "data");
        put(folder_ / "tasks/asking.json", R"({"name": "asking", "version": 1, "profile": "own", "kind": "generate",
            "description": "-", "source": "-", "licence": "-", "citation": "-", "prompt": "{{q}}", "answer": "{{a}}",
            "max_tokens": 2, "metrics": ["exact_match"], "chat": true, "data": {"test": ["rows.jsonl"]}})");
        put(folder_ / "data/rows.jsonl", R"({"q": "a", "a": "x"})");
    }

    /// A file of the small model with this template; nullptr: without one.
    std::string model(const std::string& name, const char* chat_template) const {
        SmallModel model;
        if (chat_template != nullptr) model.writer.key_text("tokenizer.chat_template", chat_template);
        put(folder_ / name, model.writer.str());
        return folder_ / name;
    }

    Result evaluate(const std::string& model, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> call = {
            "run",    "--model",        model,  "--suite",           "asking", "--tasks", folder_ / "tasks",
            "--data", folder_ / "data", "--db", folder_ / "x.sqlite"};
        call.insert(call.end(), more.begin(), more.end());
        return run(call);
    }

    /// The stored prompt of a run's only item.
    std::string prompt(int number) const {
        const Result exported = run({"export", std::to_string(number), "--db", folder_ / "x.sqlite"});
        REQUIRE(exported.code == 0);
        return json::parse(exported.out)["requests"][0]["prompt"];
    }

    const Temporary& folder() const { return folder_; }

private:
    Temporary folder_;
};

}  // namespace

TEST_SUITE("harness.model_files") {
    TEST_CASE("a chat task uses the format of the model's template or plain text if there is none") {
        const Setup setup;
        const std::string chatml = setup.model("chatml.gguf", kChatMl);
        const std::string none = setup.model("none.gguf", nullptr);
        REQUIRE(setup.evaluate(chatml).code == 0);
        REQUIRE(setup.evaluate(none).code == 0);
        REQUIRE(setup.evaluate(none, {"--chat-format", "llama2"}).code == 0);
        REQUIRE(setup.evaluate(none, {"--system", "Be kind."}).code == 0);
        CHECK(setup.prompt(1) == "<s><|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n");
        CHECK(setup.prompt(2) == "a");
        CHECK(setup.prompt(3) == "<s>[INST] a [/INST]");
        CHECK(setup.prompt(4) == "Be kind.\n\na");
        // Another format is another run, and the same one is continued.
        REQUIRE(setup.evaluate(chatml, {"--chat-format", "zephyr"}).code == 0);
        CHECK(setup.prompt(5) == "<s><|user|>\na</s>\n<|assistant|>\n");
        const Result again = setup.evaluate(chatml, {"--chat-format", "chatml", "--json"});
        CHECK(json::parse(again.out)["run"] == 1);
    }

    TEST_CASE("a template of another format is refused with the known names and what to do") {
        const Setup setup;
        const std::string model = setup.model("other.gguf", kLlama3);
        for (const Result& refused : {setup.evaluate(model), run({"generate", model, "--chat", "--prompt", "a"}),
                                      run({"tokenize", model, "--chat", "a"})}) {
            CHECK(refused.code == 2);
            for (const char* words : {"other", "plain, llama2, vicuna, chatml, alpaca, zephyr", "--chat-format NAME"})
                CHECK(has(refused.err, words));
        }
        CHECK(setup.evaluate(model, {"--chat-format", "alpaca", "--cut-questions"}).code == 0);
        CHECK(has(setup.prompt(1), "### Instruction:\na\n\n### Response:"));
        const Result misspelt = setup.evaluate(model, {"--chat-format", "chat-ml"});
        CHECK(misspelt.code == 2);
        CHECK(has(misspelt.err, "chatml"));
    }

    TEST_CASE("tokens of a chat follow the model's template and a note says if there is none") {
        const Setup setup;
        const Result chat = run({"tokenize", setup.model("m.gguf", kChatMl), "--chat", "a", "--json"});
        std::string spelled;
        for (const json& piece : json::parse(chat.out)["pieces"]) spelled += piece.get<std::string>();
        CHECK_FALSE(has(spelled, "INST"));
        const Result none = run({"tokenize", setup.model("none.gguf", nullptr), "--chat", "a", "--json"});
        CHECK(json::parse(none.out)["ids"] == json({1, 259, 260}));
        CHECK(has(none.err, "none has no chat template"));
        const Result lonely = run({"tokenize", "demo:chat", "a", "--chat-format", "llama2"});
        CHECK(lonely.code == 2);
        CHECK(has(lonely.err, "--chat-format needs --chat"));
    }

    TEST_CASE("a file with unsupported tensors is refused by name and one with unknown keys warns") {
        const Temporary folder;
        SmallModel experts;
        experts.vector("blk.0.ffn_gate_exps.weight", 48, 1);
        put(folder / "experts.gguf", experts.writer.str());
        const Result refused = run({"score", folder / "experts.gguf", "--continuation", "a"});
        CHECK(refused.code == 2);
        CHECK(has(refused.err, "blk.0.ffn_gate_exps.weight"));
        const Result inspected = run({"inspect", folder / "experts.gguf"});
        CHECK(inspected.code == 0);
        CHECK(has(inspected.out, "'run' refuses this model: "));
        CHECK(has(inspected.out, "blk.0.ffn_gate_exps.weight"));

        SmallModel future;
        future.writer.key("llama.future_switch", 4, 7U);
        put(folder / "future.gguf", future.writer.str());
        const json shown = json::parse(run({"inspect", folder / "future.gguf", "--json"}).out);
        CHECK(shown["warnings"] == json({"key llama.future_switch (7) is not known and not used"}));
    }

    TEST_CASE(
        "a split file scores like the complete one and a single part says which it is and how to join the parts") {
        const Temporary folder;
        const SmallModel model;
        put(folder / "m.gguf", model.writer.str());
        for (std::size_t i = 0; i < 3; ++i)
            put(folder / ("m-0000" + std::to_string(i + 1) + "-of-00003.gguf"), model.split(3)[i].str());
        const auto score = [&](const char* name) { return run({"score", folder / name, "--continuation", "abab"}); };
        REQUIRE(score("m.gguf").code == 0);
        CHECK(score("m-00001-of-00003.gguf").out == score("m.gguf").out);
        std::filesystem::remove(folder / "m-00003-of-00003.gguf");
        for (const Result& refused : {run({"score", folder / "m-00002-of-00003.gguf", "--continuation", "a"}),
                                      run({"inspect", folder / "m-00002-of-00003.gguf"})}) {
            CHECK(refused.code == 2);
            CHECK(has(refused.err, "part 2 of 3"));
            CHECK(has(refused.err, "llama-gguf-split --merge"));
        }
    }

    TEST_CASE("a model file that is shortened during a run gives exit code 3") {
        const Temporary folder;
        put(folder / "m.gguf", SmallModel().writer.str());
        std::string text;
        while (text.size() < 400'000) text += "abba bab ";
        put(folder / "text", text);
        const pid_t child = start({"perplexity", folder / "m.gguf", folder / "text"}, folder / "out", folder / "err");
        const std::string maps = "/proc/" + std::to_string(child) + "/maps";
        for (int i = 0; i < 3000 && !has(content_of(maps), "/m.gguf"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::filesystem::resize_file(folder / "m.gguf", 1000);
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 3);
        CHECK(has(content_of(folder / "err"), "changed while it was in use"));
    }
}
