#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/harness/cli/run_json.hpp"

using nlohmann::json;

TEST_SUITE("harness.cli") {
    TEST_CASE("a software device keeps the vector width that the environment names") {
        setenv("LP_NATIVE_VECTOR_WIDTH", "256", 1);
        const json devices = run_json({"devices", "--json"});
        unsetenv("LP_NATIVE_VECTOR_WIDTH");
        for (const json& device : devices) {
            const std::string name = device["name"];
            if (name.find("llvmpipe") == std::string::npos) continue;
            CHECK(name.find("256 bits") != std::string::npos);
            CHECK(device["subgroup_size"] == 8);
        }
    }

    TEST_CASE("inspect shows the memory of a model and whether it fits a limit") {
        const json shown = run_json({"inspect", "demo:chat", "--json"});
        const json& memory = shown["memory"];
        CHECK(memory["fits"] == true);
        CHECK(memory["kv_bytes_per_token"] == shown["kv_bytes_per_token"]);
        CHECK(memory["total_bytes"] ==
              memory["weight_bytes"].get<std::uint64_t>() + memory["kv_bytes"].get<std::uint64_t>() +
                  memory["scratch_bytes"].get<std::uint64_t>() + memory["logit_bytes"].get<std::uint64_t>());
        const json limited = run_json({"inspect", "demo:chat", "--memory", "1M", "--json"});
        CHECK(limited["memory"]["limit_bytes"] == 1 << 20);
        CHECK(limited["memory"]["fits"] == false);
        // A model that does not fit gives the exit code of a wrong call.
        const Result refused = run({"generate", "demo:chat", "--prompt", "a", "--memory", "1M"});
        CHECK(refused.code == 2);
        CHECK(refused.err.find("--memory allows 1048576") != std::string::npos);
        const Result held = run({"generate", "demo:chat", "--prompt", "a", "--max-tokens", "2", "--memory", "8M"});
        CHECK(held.code == 0);
    }

    TEST_CASE("bench measures batches and contexts that fit the model and questions after shared examples") {
        const json bench = run_json({"bench", "demo:chat", "--only", "decode,scoring", "--json"});
        CHECK(bench["rows"].size() >= 4);
        for (const json& row : bench["rows"]) {
            CHECK(row["work"] == "decode");
            CHECK(row["cached"] < 256);  // the model's context
            CHECK(row["seconds"] > 0);
            CHECK(row["bytes"] > 1e6);  // the weights at least
        }
        const json& scoring = bench["scoring"];
        const double shared = scoring["shared_tokens"];
        const double question = scoring["question_tokens"];
        CHECK(shared + question == 256);
        CHECK(scoring["tokens_per_question"] == shared / scoring["questions"].get<double>() + question);
        CHECK(scoring["tokens_per_question_no_reuse"] == 4 * (shared + question));
        // Of the KV cache only what was written takes memory on a CPU.
        const json& memory = bench["memory"];
        CHECK(memory["measured_bytes"].get<double>() >=
              memory["total_bytes"].get<double>() - memory["kv_bytes"].get<double>());
        CHECK(run({"bench", "demo:chat", "--only", "nothing"}).code == 2);
    }

    TEST_CASE("bench with tasks shows the effect of fast numerics on their scores") {
        // Weights of the embedded model are floats: fast numerics give them the same bits.
        const json floats = run_json({"bench", "demo:chat", "--task", "demo_facts", "--limit", "8", "--json"});
        CHECK(floats["runs"].size() == 2);
        CHECK(floats["items"][0]["compared"] == 8);
        CHECK(floats["items"][0]["scored_requests"].get<int>() >= 16);
        CHECK(floats["items"][0]["largest_logprob_difference"] == 0);
        const auto path = shared_data("models/quant/a-Q4_0.gguf");
        if (!path) return;
        const json rounded = run_json({"bench", path->string(), "--task", "demo_facts", "--limit", "8", "--json"});
        const json& items = rounded["items"][0];
        CHECK(items["mean_logprob_difference"] > 0);
        CHECK(items["mean_logprob_difference"] <= items["largest_logprob_difference"]);
        // Every changed verdict is an item of the list.
        const auto value = [&rounded](int run) {
            return rounded["runs"][static_cast<std::size_t>(run)]["tasks"][0]["metrics"][0]["value"].get<double>();
        };
        CHECK(std::abs(value(0) - value(1)) * 8 <= static_cast<double>(items["other_verdicts"].size()) + 1e-9);
    }

    TEST_CASE("kernels of another kind of device can be selected and are refused if they cannot run") {
        const auto logprob = [](const std::string& kernels) {
            const json scored = run_json(
                {"score", "demo:base", "--context", "The", "--continuation", " sky", "--kernels", kernels, "--json"});
            return scored.at("logprob").get<double>();
        };
        const json features = run_json({"devices", "--json"}).at(0).at("features");
        CHECK(features.at("largest_workgroup").get<int>() >= 128);  // what Vulkan requires of every device
        CHECK(std::abs(logprob("software") - logprob("gpu")) < 1e-4);
        CHECK(run({"score", "demo:base", "--context", "a", "--continuation", "b", "--kernels", "fast"}).code == 2);
        if (features.at("fast_integer_dot").get<bool>() || features.at("matrix_extension") != "") return;
        const Result refused = run(
            {"score", "demo:base", "--context", "a", "--continuation", "b", "--kernels", "gpu", "--numerics", "fast"});
        CHECK(refused.code == 2);
        CHECK(refused.err.find("--numerics exact") != std::string::npos);
    }

    TEST_CASE("texts reach the tokenizer unchanged") {
        for (const std::string& text : std::vector<std::string>{
                 "plain", "", " two  spaces ", "a,b", "[1,2]", "{x}", "\"quoted\"", "back\\slash \\n", "100% $HOME `x`",
                 "-dash", "--json", "caf\xC3\xA9 \xE2\x82\xAC", "line\nbreak", "'", "=a=b", "<s>[INST]"}) {
            CAPTURE(text);
            const json shown = run_json({"tokenize", "demo:base", "--no-bos", "--json", "--", text});
            std::string spelled;
            for (const json& piece : shown["pieces"]) spelled += piece.get<std::string>();
            // Pieces spell a space as U+2581 and put one in front; bytes outside the vocabulary are <0xNN>.
            const std::string with_space = text.empty() ? "" : " " + text;
            const auto tokenizer_text = [&] {
                std::string back;
                for (std::size_t i = 0; i < spelled.size();) {
                    if (spelled.compare(i, 3, "\xE2\x96\x81") == 0) {
                        back += ' ';
                        i += 3;
                    } else if (spelled.compare(i, 3, "<0x") == 0) {
                        back += static_cast<char>(std::stoi(spelled.substr(i + 3, 2), nullptr, 16));
                        i += 6;
                    } else {
                        back += spelled[i++];
                    }
                }
                return back;
            }();
            CHECK(tokenizer_text == with_space);
        }
        CHECK(run_json({"score", "demo:base", "--json", "--context", "-a,b [x]", "--continuation", " -c"})["tokens"]
                  .size() > 0);
    }
}
