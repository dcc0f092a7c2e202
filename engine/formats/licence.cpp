#include "engine/licence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/formats/printable.hpp"

namespace engine {
namespace {

using formats::printable;

// Not of <cctype>, whose answers depend on the locale.
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_separator(char c) {
    return c == '-' || c == '_' || c == ' ';
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string_view without_separators(std::string_view text) {
    while (!text.empty() && is_separator(text.front())) text.remove_prefix(1);
    return text;
}

/// Whether the text before "llama" makes it the name of another family: OpenLLaMA, TinyLlama.
bool is_other_family(std::string_view before) {
    if (!before.empty() && (is_letter(before.back()) || is_digit(before.back()))) return true;
    while (!before.empty() && is_separator(before.back())) before.remove_suffix(1);
    return before.ends_with("open");
}

bool is_code(std::string_view before) {
    while (!before.empty() && is_separator(before.back())) before.remove_suffix(1);
    return before.ends_with("code");
}

/// Whether the text after "llama" is version 2, as in "-2-7b", "2", " v2", "2chat"; not a size ("-2b"), a longer number
/// ("-27b", "-2.5") or the program llama2.c.
bool is_version_2(std::string_view after) {
    after = without_separators(after);
    if (after.starts_with('v')) after.remove_prefix(1);
    if (!after.starts_with('2')) return false;
    after.remove_prefix(1);
    if (after.starts_with('.') && after.size() > 1) after.remove_prefix(1);
    if (after.empty()) return true;
    if (is_digit(after.front())) return false;
    const bool one_letter =
        is_letter(after.front()) && (after.size() == 1 || !(is_letter(after[1]) || is_digit(after[1])));
    return !one_letter;
}

/// Llama Guard 1, which has no number: later ones are made from Llama 3.
bool is_guard_7b(std::string_view after) {
    constexpr std::string_view kGuard = "guard";
    after = without_separators(after);
    return after.starts_with(kGuard) && without_separators(after.substr(kGuard.size())).starts_with("7b");
}

/// Whether a name, address or licence names Llama 2 or a model made from it.
bool names_llama2(std::string_view text) {
    constexpr std::string_view kLlama = "llama";
    const std::string lowered = lower(text);
    const std::string_view all(lowered);
    for (std::size_t at = all.find(kLlama); at != std::string_view::npos; at = all.find(kLlama, at + 1)) {
        const std::string_view before = all.substr(0, at);
        const std::string_view after = all.substr(at + kLlama.size());
        if (is_code(before)) return true;
        if (!is_other_family(before) && (is_version_2(after) || is_guard_7b(after))) return true;
    }
    return false;
}

/// Whether a value of the licence's keys is Llama 2's. The addresses are where Meta publishes the text.
bool is_llama2_licence(std::string_view value) {
    constexpr std::array<std::string_view, 2> kAddresses = {"ai.meta.com/llama/license",
                                                            "github.com/facebookresearch/llama/"};
    const std::string lowered = lower(value);
    return names_llama2(value) || std::any_of(kAddresses.begin(), kAddresses.end(), [&](std::string_view address) {
               return lowered.find(address) != std::string::npos;
           });
}

/// Whether the key names what the weights were made from.
bool is_origin(std::string_view key) {
    return (key.starts_with("general.base_model.") && (key.ends_with(".name") || key.ends_with(".repo_url"))) ||
           key.starts_with("general.source.");
}

Licence found(std::string_view name, std::string_view key, std::string_view value) {
    return {std::string(name), fmt::format("{} is '{}'", key, printable(value))};
}

std::string value_of(const Descriptions& descriptions, std::string_view key) {
    const auto place = descriptions.find(key);
    return place == descriptions.end() ? "" : place->second;
}

}  // namespace

Licence licence_of(const Descriptions& descriptions, std::string_view file_name) {
    for (const auto& [key, value] : descriptions) {
        if (key.starts_with("general.license") && is_llama2_licence(value)) return found(kLlama2Licence, key, value);
    }
    for (const auto& [key, value] : descriptions) {
        if (is_origin(key) && names_llama2(value)) return found(kLlama2Licence, key, value);
    }
    // "other" is what Hugging Face calls every licence that it has no identifier for.
    for (const char* key : {"general.license", "general.license.name"}) {
        const std::string value = value_of(descriptions, key);
        if (!value.empty() && lower(value) != "other" && lower(value) != "unknown")
            return found(printable(value), key, value);
    }
    for (const char* key : {"general.basename", "general.name"}) {
        const std::string value = value_of(descriptions, key);
        if (names_llama2(value)) return found(kLlama2Licence, key, value);
    }
    if (names_llama2(file_name)) return found(kLlama2Licence, "the file's name", file_name);
    return {};
}

Licence licence_of_name(std::string_view name) {
    if (!names_llama2(name)) return {};
    return found(kLlama2Licence, "the model's name", name);
}

}  // namespace engine
