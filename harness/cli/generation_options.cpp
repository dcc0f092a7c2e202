#include "harness/cli/generation_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/usage_error.hpp"
#include "harness/run/system_prompts.hpp"

namespace harness::cli {
namespace {

constexpr std::uint64_t kMaxGeneratedTokens = 100000;
constexpr std::uint64_t kMaxSamples = 1000;

struct Preset {
    std::string_view name;
    std::uint32_t tokens;  ///< max tokens of the prompt, and of the answer
};
// Limits of the Llama 2 paper's human evaluations. The paper does not state its sampling: temperature and top-p are the
// defaults of Meta's reference code.
constexpr Preset kPresets[] = {{"paper-open", 1000}, {"paper-closed", 2000}};
constexpr float kPresetTemperature = 0.6F;
constexpr float kPresetTopP = 0.9F;

void apply(const Preset& preset, run::RunOptions& run) {
    if (run.temperature != 0 || run.top_p != 1 || run.max_tokens || run.max_prompt_tokens) {
        throw base::UsageError(
            fmt::format("--preset {} sets --temperature {}, --top-p {}, --max-prompt-tokens {} and --max-tokens {}; "
                        "give either the "
                        "preset or these options",
                        preset.name, kPresetTemperature, kPresetTopP, preset.tokens, preset.tokens));
    }
    run.temperature = kPresetTemperature;
    run.top_p = kPresetTopP;
    run.max_prompt_tokens = preset.tokens;
    run.max_tokens = preset.tokens;
}

}  // namespace

void chat_text_options(Verb& verb, GenerationOptions& options, run::RunOptions& run) {
    verb.option("--system-prompt", "NAME", text_not_empty(options.system_prompt),
                fmt::format("System prompt by its name, or a file that holds it: {}",
                            fmt::join(run::system_prompt_names(), ", ")));
    verb.option(
        "--format-marks", "POLICY",
        choice(run.marks, {{"neutralise", run::MarksInText::Neutralise},
                           {"reject", run::MarksInText::Reject},
                           {"pass", run::MarksInText::Pass}}),
        "Text in chat prompts that spells a mark of a chat format, such as [INST] or </s>: neutralise puts a space "
        "into it, reject makes the item an error, pass leaves it unchanged (default: neutralise)");
}

void generation_options(Verb& verb, GenerationOptions& options, run::RunOptions& run) {
    verb.option("--samples", "N",
                whole_number_reader(1, kMaxSamples,
                                    [&run](std::uint64_t count) { run.samples = static_cast<std::uint32_t>(count); }),
                "Answers to each prompt of generation tasks, each with its own random numbers (default: the task's)");
    verb.option(
        "--max-tokens", "N",
        whole_number_reader(1, kMaxGeneratedTokens,
                            [&run](std::uint64_t count) { run.max_tokens = static_cast<std::uint32_t>(count); }),
        "Maximum number of tokens per answer (default: the task's)");
    verb.option("--max-prompt-tokens", "N", whole_number(run.max_prompt_tokens, 1),
                "Longer prompts of generation tasks are errors (default: what fits into the context)");
    verb.option(
        "--preset", "NAME", word_of(options.preset, {"paper-open", "paper-closed"}),
        "Limits of the Llama 2 paper's human evaluation: paper-open has 1,000 tokens of prompt and 1,000 of answer, "
        "paper-closed 2,000 and 2,000; temperature 0.6 and top-p 0.9, the reference code's default");
}

run::RunOptions resolved(const GenerationOptions& options, run::RunOptions run) {
    // Nobody asks a model with the system prompt "llama2".
    const std::vector<std::string> names = run::system_prompt_names();
    if (std::find(names.begin(), names.end(), run.system_prompt) != names.end())
        throw base::UsageError(
            fmt::format("--system is the text itself; did you mean \"--system-prompt {}\"?", run.system_prompt));
    if (!options.system_prompt.empty()) {
        if (!run.system_prompt.empty())
            throw base::UsageError("--system and --system-prompt both give a system prompt; leave one out");
        run::SystemPrompt prompt = run::system_prompt_named(options.system_prompt);
        run.no_system = prompt.text.empty();
        run.system_prompt = std::move(prompt.text);
        run.system_name = std::move(prompt.name);
    }
    for (const Preset& preset : kPresets) {
        if (preset.name == options.preset) apply(preset, run);
    }
    if (run.samples.value_or(1) > 1 && run.temperature == 0)
        throw base::UsageError(
            "--samples asks for several answers, which are all the same unless --temperature is above 0");
    return run;
}

}  // namespace harness::cli
