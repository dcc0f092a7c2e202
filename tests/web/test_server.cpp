#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/build.hpp"
#include "harness/study/service.hpp"
#include "harness/web/server.hpp"

// web_test_server DATABASE PROTOCOL PROMPTS RATERS [PORT [OPTIONS.json]]: makes a study with texts in many scripts and
// hostile ones, prints its address, the lead's passphrase and one token a line, and serves until it is told to stop.
// SIGUSR1: an hour passes, and it says so. For tests in a browser and under load. OPTIONS.json: {"study": fields of
// STUDY.json, "texts": [{"turns": [{"role": ..., "content": ...}], "answers": [left, right]}]}, both in the place of
// what is made here.

namespace {

using harness::study::SourcePrompt;
using harness::study::Turn;

constexpr const char* kPassphrase = "test passphrase";

std::atomic<harness::store::UnixMs> passed = 0;

void pass_an_hour(int) {
    constexpr harness::store::UnixMs kHour = 3'600'000;
    constexpr std::string_view kDone = "passed\n";
    passed += kHour;
    if (::write(STDOUT_FILENO, kDone.data(), kDone.size()) < 0) std::_Exit(1);
}

harness::store::UnixMs now() {
    return harness::study::system_now() + passed;
}

struct Example {
    std::vector<Turn> turns;
    std::string left;
    std::string right;
};

std::vector<Example> examples() {
    return {
        {{{"user", "How do I boil an egg?"}},
         "Put the egg into **boiling water** for:\n\n| result | minutes |\n|---|---|\n| soft | 5 |\n| hard | 10 "
         "|\n\nThen cool it.",
         "# Eggs\n\n1. Boil water.\n2. Add the egg.\n3. Wait *eight* minutes.\n\nSee [this "
         "page](https://example.com/eggs)."},
        {{{"system", "Answer briefly."},
          {"user", "Write a function that adds two numbers in Python."},
          {"assistant", "With or without types?"},
          {"user", "With types, please."}},
         "```python\ndef add(first: int, second: int) -> int:\n    return first + second\n```",
         "Of course! Here it is: `lambda a, b: a + b`. It does not have types, but it is short."},
        {{{"user", "\u0643\u064a\u0641 \u0623\u0635\u0646\u0639 \u0627\u0644\u0634\u0627\u064a\u061f"}},
         "\u0627\u063a\u0644\u0650 \u0627\u0644\u0645\u0627\u0621 \u062b\u0645 \u0623\u0636\u0641 "
         "\u0627\u0644\u0634\u0627\u064a.\n\n- \u0633\u0643\u0631\n- \u0646\u0639\u0646\u0627\u0639",
         "Boil water, add tea: \u05de\u05d9\u05dd \u05d7\u05de\u05d9\u05dd."},
        {{{"user", "\u8bf7\u89e3\u91ca\u5f69\u8679\u3002"}},
         "\u5f69\u8679\u662f\u9633\u5149\u5728\u6c34\u6ef4\u4e2d\u6298\u5c04\u548c\u53cd\u5c04\u5f62\u6210\u7684\u3002",
         "\u0907\u0902\u0926\u094d\u0930\u0927\u0928\u0941\u0937 \u092a\u093e\u0928\u0940 \u0915\u0940 "
         "\u092c\u0942\u0902\u0926\u094b\u0902 \u0938\u0947 \u092c\u0928\u0924\u093e \u0939\u0948\u0964 \U0001F308"},
        {{{"user", "<script>window.hacked = true</script> What does this do?"}},
         "<script>window.hacked = true</script><img src=x onerror=\"window.hacked = "
         "true\">\n\n[click](javascript:window.hacked=true) "
         "![x](https://example.com/x.png)",
         "</div></section></main><form action=https://example.com><button>Submit</button></form> \u202Eabc\u202C "
         "{{csrf}} "
         "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320"
         "\u034d"},
    };
}

std::vector<Example> examples_of(const nlohmann::json& options) {
    std::vector<Example> made;
    for (const nlohmann::json& text : options.value("texts", nlohmann::json::array())) {
        Example example{.turns = {}, .left = text["answers"][0], .right = text["answers"][1]};
        for (const nlohmann::json& turn : text["turns"]) example.turns.push_back({turn["role"], turn["content"]});
        made.push_back(std::move(example));
    }
    return made.empty() ? examples() : made;
}

std::vector<SourcePrompt> prompts(const std::vector<Example>& known, std::size_t number, std::size_t runs) {
    std::vector<SourcePrompt> prompts;
    for (std::size_t i = 0; i < number; ++i) {
        Example example = known[i % known.size()];
        if (i >= known.size()) example.turns.back().content += fmt::format(" (question {})", i);
        SourcePrompt prompt{.turns = example.turns, .category = "test", .answers = {}};
        const std::vector<std::string> texts = {example.left, example.right};
        for (std::size_t run = 0; run < runs; ++run) {
            prompt.answers.push_back({{.variant = fmt::format("secret-variant-{}", run),
                                       .run = fmt::format("secret-run-{}", run),
                                       .task = "secret-task",
                                       .doc = i,
                                       .text = texts[run]}});
        }
        prompts.push_back(std::move(prompt));
    }
    return prompts;
}

constexpr const char* kPractice = R"([{"turns": [{"role": "user", "content": "What is 2 + 2?"}], "answers": ["4", "22"],
    "right": [1, 3], "feedback": "Four is right, so the answer that says so is better."}])";

harness::study::Definition definition(const std::string& protocol, const nlohmann::json& options) {
    nlohmann::json study = {{"study", 1}, {"name", "browser test"}, {"protocol", protocol}};
    study["runs"] = std::vector<std::string>{"secret-run-0"};
    if (protocol != "safety") study["runs"].push_back("secret-run-1");
    if (protocol == "pairwise") study["practice"] = nlohmann::json::parse(kPractice);
    study.update(options.value("study", nlohmann::json::object()));
    return harness::study::parse_definition(study.dump(), "STUDY.json");
}

/// Makes the study, unless the database has it.
void make_study(const std::vector<std::string>& words, const nlohmann::json& options) {
    const harness::store::Database database(words[0], harness::store::OpenMode::Create);
    const harness::study::Definition study = definition(words[1], options);
    if (harness::store::StudyStore(database).find(study.name)) return;
    const auto texts = prompts(examples_of(options), std::stoul(words[2]), study.runs.size());
    const auto built = harness::study::build_study(study, texts, now());
    harness::store::StudyStore(database).add(built.study, built.items);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 4) {
        std::fputs("usage: web_test_server DATABASE PROTOCOL PROMPTS RATERS [PORT [OPTIONS.json]]\n", stderr);
        return 2;
    }
    std::signal(SIGUSR1, pass_an_hour);
    nlohmann::json options = nlohmann::json::object();
    if (words.size() > 5) options = nlohmann::json::parse(std::ifstream(words[5]));
    make_study(words, options);
    harness::web::Server server(
        {.database = words[0],
         .study = "browser test",
         .port = static_cast<std::uint16_t>(words.size() > 4 ? std::stoul(words[4]) : 0),
         .app = {.passphrase = kPassphrase, .limits = {.address = {}, .session = {}, .sign_in = {}}, .clock = now}});
    {
        const harness::store::Database database(words[0], harness::store::OpenMode::ReadWrite);
        harness::study::StudyService service(database, "browser test", now);
        fmt::print("{}\n{}\n", server.url(), kPassphrase);
        for (const auto& link : service.invite(std::stoul(words[3]), "")) fmt::print("{}\n", link.token);
        fmt::print("ready\n");
        std::fflush(stdout);
    }
    server.run();
    return 0;
}
