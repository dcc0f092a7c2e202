#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/prompt_sets.hpp"
#include "harness/cli/verbs/verbs.hpp"

namespace harness::cli {
namespace {

using safety::prompts::Prompt;

struct PromptsShowOptions {
    std::string set;
    std::string id;
    bool json = false;
};

void print_prompt(const Prompt& prompt) {
    print("{} (version {}, language {})\n", prompt.id, prompt.version, prompt.language);
    for (const auto& [name, value] : prompt.tags) print("{}: {}\n", name, value);
    print("persona: {}\nnote: {}\n", prompt.persona, prompt.note);
    if (!prompt.contrast.empty()) print("contrast: {}\n", prompt.contrast);
    for (const suites::Message& turn : prompt.turns)
        print("\n[{}]\n{}\n", suites::to_string(turn.role), Block{turn.content});
}

ExitCode show(const PromptsShowOptions& options) {
    const PromptSet set = prompt_set(options.set);
    if (options.id.empty()) {
        print("{} (version {}): {}\nprompts: {}\nSHA-256: {}\n", set.name, set.version, set.description,
              set.prompts.size(), set.sha256);
        return ExitCode::Done;
    }
    const auto found = std::find_if(set.prompts.begin(), set.prompts.end(),
                                    [&](const Prompt& prompt) { return prompt.id == options.id; });
    if (found == set.prompts.end())
        throw base::UsageError(
            fmt::format("{} has no prompt '{}'; 'prompts list {}' lists them", set.name, options.id, set.name));
    if (options.json) {
        print_json(base::parse_json(to_line(*found), found->id));
    } else {
        print_prompt(*found);
    }
    return ExitCode::Done;
}

}  // namespace

void add_prompts_show(Verb& prompts) {
    Verb& verb = prompts.verb("show", "One prompt with its tags, or what a set is");
    auto& options = verb.command(show);
    verb.argument("SET", text_not_empty(options.set), "helpfulness, safety, borderline, or a set file").required();
    verb.argument("ID", text_not_empty(options.id), "A prompt of the set");
    json_flag(verb, options.json);
    verb.example("bellwether prompts show helpfulness h4k-factual-0001");
}

}  // namespace harness::cli
