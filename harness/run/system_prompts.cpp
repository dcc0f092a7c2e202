#include "harness/run/system_prompts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace harness::run {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20;

struct Known {
    std::string_view name;
    std::string_view text;
};

// Exactly as published: a changed character makes another prompt.
constexpr std::array kKnown = {
    Known{"none", ""},
    Known{
        "llama2",
        "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, while being safe. "
        "Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous, or illegal content. "
        "Please ensure that your responses are socially unbiased and positive in nature.\n\nIf a question does not "
        "make "
        "any sense, or is not factually coherent, explain why instead of answering something not correct. If you don't "
        "know the answer to a question, please don't share false information."},
    Known{
        "mpt",
        "A conversation between a user and an LLM-based AI assistant. The assistant gives helpful and honest answers."},
    Known{"vicuna",
          "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, "
          "detailed, "
          "and polite answers to the user's questions."}};

std::string text_of_file(const std::string& path) {
    std::string text = base::read_file(path, kMaxBytes);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (text.empty()) throw base::UsageError(fmt::format("{}: the file of the system prompt is empty", path));
    if (!suites::is_utf8(text)) throw base::UsageError(fmt::format("{}: the system prompt is not UTF-8", path));
    return text;
}

}  // namespace

std::vector<std::string> system_prompt_names() {
    std::vector<std::string> names;
    names.reserve(kKnown.size());
    for (const Known& known : kKnown) names.emplace_back(known.name);
    return names;
}

SystemPrompt system_prompt_named(const std::string& name_or_file) {
    const auto known =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return each.name == name_or_file; });
    if (known != kKnown.end()) return {name_or_file, std::string(known->text)};
    if (std::filesystem::is_regular_file(name_or_file))
        return {std::filesystem::path(name_or_file).filename().string(), text_of_file(name_or_file)};
    const std::vector<std::string> names = system_prompt_names();
    throw base::UsageError(fmt::format("--system-prompt: '{}' is neither a file nor a known name{}", name_or_file,
                                       suites::suggestion(name_or_file, {names.begin(), names.end()})));
}

}  // namespace harness::run
