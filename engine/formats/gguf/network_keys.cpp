#include "engine/formats/gguf/network_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/formats/gguf/among.hpp"
#include "engine/formats/gguf/tokenizer_keys.hpp"
#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

/// Converters write the same number with different types.
std::optional<double> as_number(const MetadataValue& value) {
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* natural = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*natural);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1.0 : 0.0;
    return std::nullopt;
}

std::string shown(const MetadataValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&value)) return "'" + printable(*text) + "'";
    if (const auto number = as_number(value)) return fmt::format("{}", *number);
    return "a list";
}

/// Whether the value is the number that changes nothing.
bool is(const MetadataValue& value, double number) {
    return as_number(value) == number;
}
bool zero(const MetadataValue& value, const Hyperparameters& /*shape*/) {
    return is(value, 0);
}
bool zero_or_one(const MetadataValue& value, const Hyperparameters& /*shape*/) {
    return is(value, 0) || is(value, 1);
}
bool one(const MetadataValue& value, const Hyperparameters& /*shape*/) {
    return is(value, 1);
}
bool head_size(const MetadataValue& value, const Hyperparameters& shape) {
    return is(value, shape.head_dim);
}
/// 0 means the usual scale 1 / sqrt(head_dim); a value written out is rounded to f32.
bool usual_scale(const MetadataValue& value, const Hyperparameters& shape) {
    const auto number = as_number(value);
    const double usual = 1 / std::sqrt(static_cast<double>(shape.head_dim));
    return number && (*number == 0 || std::abs(*number - usual) < 1e-6 * usual);
}
/// A token attends to itself and the window - 1 tokens before it: to all tokens if the context is not longer than the
/// window.
bool no_window(const MetadataValue& value, const Hyperparameters& shape) {
    const auto number = as_number(value);
    return number && (*number == 0 || *number >= shape.context);
}
bool embedding_rows(const MetadataValue& value, const Hyperparameters& shape) {
    return is(value, shape.vocab);
}
bool meta_layout(const MetadataValue& value, const Hyperparameters& /*shape*/) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && (*text == "Meta AI original pth" || *text == "reference");
}

bool silu(const MetadataValue& value, const Hyperparameters& /*shape*/) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && (*text == "silu" || *text == "swish");
}

struct Rule {
    std::string_view key;  ///< after "llama."
    bool (*changes_nothing)(const MetadataValue& value, const Hyperparameters& shape);
    std::string_view computed;  ///< what the network does instead
};

constexpr std::array kRules = {
    Rule{"activation_function", silu, "the feed-forward part is SwiGLU"},
    Rule{"attention.causal", one, "a token sees those before it alone"},
    Rule{"attention.clamp_kqv", zero, "queries, keys and values are not clamped"},
    Rule{"attention.key_length", head_size, "a head has embedding_length / head_count values"},
    Rule{"attention.max_alibi_bias", zero, "attention has no ALiBi bias"},
    Rule{"attention.scale", usual_scale, "attention is scaled by 1 / sqrt(head size)"},
    Rule{"attention.sliding_window", no_window,
         "attention has no sliding window; with --context N of at most the window the results are the model's"},
    Rule{"attention.value_length", head_size, "a head has embedding_length / head_count values"},
    Rule{"attn_logit_softcapping", zero, "attention scores are not capped"},
    Rule{"embedding_scale", zero_or_one, "embeddings are not scaled"},
    Rule{"expert_count", zero, "there are no experts"},
    Rule{"expert_feed_forward_length", zero, "there are no experts"},
    Rule{"expert_gating_func", zero, "there are no experts"},
    Rule{"expert_shared_count", zero, "there are no experts"},
    Rule{"expert_shared_feed_forward_length", zero, "there are no experts"},
    Rule{"expert_used_count", zero, "there are no experts"},
    Rule{"expert_weights_norm", zero, "there are no experts"},
    Rule{"expert_weights_scale", zero_or_one, "there are no experts"},
    Rule{"final_logit_softcapping", zero, "logits are not capped"},
    Rule{"hidden_act", silu, "the feed-forward part is SwiGLU"},
    Rule{"hidden_activation", silu, "the feed-forward part is SwiGLU"},
    Rule{"interleave_moe_layer_step", zero, "there are no experts"},
    Rule{"leading_dense_block_count", zero, "there are no experts"},
    Rule{"logit_scale", zero_or_one, "logits are not scaled"},
    Rule{"moe_every_n_layers", zero, "there are no experts"},
    Rule{"nextn_predict_layers", zero, "there are no layers that predict further tokens"},
    Rule{"logit_softcapping", zero, "logits are not capped"},
    Rule{"residual_scale", zero_or_one, "the residual stream is not scaled"},
    Rule{"rope.scaling.alpha", zero_or_one, "the frequencies are scaled by type 'linear' alone"},
    Rule{"rope.scaling.attn_factor", one, "rotations do not change lengths"},
    Rule{"rope.scaling.yarn_log_multiplier", zero, "the frequencies are scaled by type 'linear' alone"},
    Rule{"router_logit_softcapping", zero, "there are no experts"},
    Rule{"swin_norm", zero, "norms stand before attention and feed-forward"},
    Rule{"tensor_data_layout", meta_layout, "rows of queries and keys lie as in Meta's files"},
    Rule{"use_parallel_residual", zero, "the feed-forward part follows the attention"},
    Rule{"vocab_size", embedding_rows, "there are as many logits as rows of token_embd.weight"},
};

/// Read and checked by read_hyperparameters().
constexpr std::array<std::string_view, 13> kNetworkRead = {"attention.head_count",
                                                           "attention.head_count_kv",
                                                           "attention.layer_norm_rms_epsilon",
                                                           "block_count",
                                                           "context_length",
                                                           "embedding_length",
                                                           "feed_forward_length",
                                                           "rope.dimension_count",
                                                           "rope.freq_base",
                                                           "rope.scale_linear",
                                                           "rope.scaling.factor",
                                                           "rope.scaling.type",
                                                           "vocab_size"};
/// Descriptive only: pooling, the context length before rope scaling, and whether the model was tuned with it.
constexpr std::array<std::string_view, 3> kNetworkHarmless = {"pooling_type", "rope.scaling.finetuned",
                                                              "rope.scaling.original_context_length"};

constexpr std::string_view kNetworkPrefix = "llama.";

const Rule* rule_of(std::string_view name) {
    const auto* found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) { return rule.key == name; });
    return found == kRules.end() ? nullptr : found;
}

/// Unknown keys with these prefixes change what the network computes, so they must not be ignored.
bool is_critical(std::string_view name) {
    return name.starts_with("attention.") || name.starts_with("rope.") || name.starts_with("expert_");
}

[[noreturn]] void refuse(const File& file, const std::string& key, const MetadataValue& value, std::string_view why) {
    throw EngineError(EngineError::Kind::Input, fmt::format("{}: key {} is {}, which is not supported: {}", file.path(),
                                                            printable(key), shown(value), why));
}

/// Checks the keys that belong to no architecture.
void check_general(const File& file) {
    for (const auto& [key, value] : file.metadata()) {
        const auto* text = std::get_if<std::string>(&value);
        if (key == "general.type" && (text == nullptr || *text != "model"))
            refuse(file, key, value, "only files of type 'model' can be run by themselves");
        if (key.starts_with("adapter."))
            refuse(file, key, value, "an adapter has no weights of its own; merge it into its model first");
        if (key == "general.quantization_version" && !is(value, 2))
            refuse(file, key, value,
                   "quantised weights are read in version 2 of their layout; quantise the model anew");
    }
}

}  // namespace

void check_network_keys(const File& file, const Hyperparameters& shape) {
    check_general(file);
    for (const auto& [key, value] : file.metadata()) {
        if (!key.starts_with(kNetworkPrefix)) continue;
        const std::string_view name = std::string_view(key).substr(kNetworkPrefix.size());
        if (const Rule* rule = rule_of(name)) {
            if (!rule->changes_nothing(value, shape)) refuse(file, key, value, rule->computed);
        } else if (is_critical(name) && !among(kNetworkRead, name) && !among(kNetworkHarmless, name)) {
            refuse(file, key, value, "what it asks for is not known");
        }
    }
}

std::vector<std::string> unknown_keys(const File& file) {
    std::vector<std::string> found;
    for (const auto& [key, value] : file.metadata()) {
        const std::string_view name(key);
        bool known = name.starts_with("general.") || name.starts_with("quantize.") || name.starts_with("split.") ||
                     is_tokenizer_key(name);
        if (name.starts_with(kNetworkPrefix)) {
            const std::string_view rest = name.substr(kNetworkPrefix.size());
            known = rule_of(rest) != nullptr || among(kNetworkRead, rest) || among(kNetworkHarmless, rest);
        }
        if (known) continue;
        const bool refused = name.starts_with(kNetworkPrefix) && is_critical(name.substr(kNetworkPrefix.size()));
        found.push_back(fmt::format("key {} ({}) is not known and {}", printable(key), printable(shown(value)),
                                    refused ? "refused: it may change what the network computes" : "not used"));
    }
    return found;
}

}  // namespace engine::formats::gguf
