#include "engine/formats/gguf/tokenizer_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/formats/gguf/among.hpp"
#include "engine/formats/gguf/file.hpp"
#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

constexpr std::string_view kTokenizerPrefix = "tokenizer.ggml.";

/// Read by read_vocabulary() or checked here, in addition to "tokenizer.chat_template".
constexpr std::array<std::string_view, 18> kTokenizerRead = {"model",
                                                             "pre",
                                                             "tokens",
                                                             "scores",
                                                             "token_type",
                                                             "added_tokens",
                                                             "bos_token_id",
                                                             "eos_token_id",
                                                             "eot_token_id",
                                                             "eom_token_id",
                                                             "add_bos_token",
                                                             "add_eos_token",
                                                             "add_sep_token",
                                                             "add_space_prefix",
                                                             "unknown_token_id",
                                                             "escape_whitespaces",
                                                             "remove_extra_whitespaces",
                                                             "precompiled_charsmap"};

/// Ids of pieces for padding, other kinds of models and fill-in-the-middle, which the engine does not use.
constexpr std::array<std::string_view, 17> kTokenizerHarmless = {
    "padding_token_id", "seperator_token_id", "separator_token_id", "cls_token_id",     "mask_token_id",
    "prefix_token_id",  "suffix_token_id",    "middle_token_id",    "fim_pre_token_id", "fim_suf_token_id",
    "fim_mid_token_id", "fim_pad_token_id",   "fim_rep_token_id",   "fim_sep_token_id", "image_token_id",
    "audio_token_id",   "token_type_count"};

struct Switch {
    std::string_view key;
    bool value;  ///< the only supported value
    std::string_view done;
};
constexpr std::array kSwitches = {
    Switch{"add_eos_token", false,
           "texts are encoded without EOS at the end, which would end every prompt; to run the model, set the key to "
           "false in a copy of the file"},
    Switch{"add_sep_token", false, "texts are encoded without a separator at the end"},
    Switch{"escape_whitespaces", true, "spaces are spelled U+2581 before pieces are merged"},
    Switch{"remove_extra_whitespaces", false, "Llama 2 vocabularies keep every space"},
};

[[noreturn]] void refuse(const File& file, std::string_view key, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, fmt::format("{}: {}{} {}", file.path(), kTokenizerPrefix, key, what));
}

/// The value of a list key; nullptr when the key is absent.
template <class List>
const List* list_of(const File& file, std::string_view key) {
    const auto found = file.metadata().find(fmt::format("{}{}", kTokenizerPrefix, key));
    if (found == file.metadata().end()) return nullptr;
    const auto* list = std::get_if<List>(&found->second);
    if (list == nullptr) refuse(file, key, "is not a list of the expected kind");
    return list;
}

/// Added tokens listed in the file must be marked in the vocabulary: a normal piece would be merged from its parts.
void check_added_tokens(const File& file) {
    const auto* added = list_of<std::vector<std::string>>(file, "added_tokens");
    if (added == nullptr) return;
    const auto* tokens = list_of<std::vector<std::string>>(file, "tokens");
    const auto* types = list_of<std::vector<std::int64_t>>(file, "token_type");
    for (const std::string& text : *added) {
        const auto found =
            tokens == nullptr
                ? std::size_t{0}
                : static_cast<std::size_t>(std::find(tokens->begin(), tokens->end(), text) - tokens->begin());
        const bool marked = tokens != nullptr && types != nullptr && found < tokens->size() && found < types->size() &&
                            ((*types)[found] == 3 || (*types)[found] == 4);
        if (!marked) {
            refuse(file, "added_tokens",
                   fmt::format("has '{}', which tokenizer.ggml.token_type does not mark as control (3) or user-defined "
                               "(4); convert the model again",
                               printable(text)));
        }
    }
}

}  // namespace

void check_tokenizer_keys(const File& file) {
    for (const Switch& one : kSwitches) {
        if (file.boolean(fmt::format("{}{}", kTokenizerPrefix, one.key)).value_or(one.value) != one.value)
            refuse(file, one.key, fmt::format("is {}, which is not supported: {}", !one.value, one.done));
    }
    const std::string pre = file.text("tokenizer.ggml.pre").value_or("default");
    if (pre != "default" && !pre.empty()) {
        refuse(file, "pre",
               fmt::format("is '{}', which is not supported: texts are not cut before pieces are merged ('default')",
                           printable(pre)));
    }
    const auto* charsmap = list_of<std::vector<std::int64_t>>(file, "precompiled_charsmap");
    if (charsmap != nullptr && !charsmap->empty())
        refuse(file, "precompiled_charsmap",
               "rewrites characters, which is not supported: Llama 2's texts stay as they are");
    check_added_tokens(file);
}

bool is_tokenizer_key(std::string_view key) {
    if (key == "tokenizer.chat_template" || key == "tokenizer.huggingface.json") return true;
    // Additional templates, for example for tool use.
    if (key == "tokenizer.chat_templates" || key.starts_with("tokenizer.chat_template.")) return true;
    if (!key.starts_with(kTokenizerPrefix)) return false;
    const std::string_view name = key.substr(kTokenizerPrefix.size());
    return among(kTokenizerRead, name) || among(kTokenizerHarmless, name);
}

}  // namespace engine::formats::gguf
