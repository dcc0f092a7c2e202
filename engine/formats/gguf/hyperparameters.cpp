#include "engine/formats/gguf/hyperparameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

class Keys {
public:
    explicit Keys(const File& file) : file_(file) {}

    [[noreturn]] void fail(const std::string& what) const {
        throw EngineError(EngineError::Kind::Input, file_.path() + ": " + what);
    }

    std::uint32_t count(const std::string& key, std::uint64_t limit) const {
        const auto value = file_.unsigned_integer("llama." + key);
        if (!value) fail(fmt::format("key llama.{} is missing", key));
        return in_range(key, *value, limit);
    }

    std::uint32_t in_range(const std::string& key, std::uint64_t value, std::uint64_t limit) const {
        if (value == 0 || value > limit) fail(fmt::format("llama.{} is {}, expected 1 to {}", key, value, limit));
        return static_cast<std::uint32_t>(value);
    }

    double positive(const std::string& key, double value) const {
        if (!(value > 0) || !std::isfinite(value))
            fail(fmt::format("llama.{} is {}, expected a number above 0", key, value));
        return value;
    }

    std::optional<double> positive_or_absent(const std::string& key) const {
        const auto value = file_.number("llama." + key);
        if (value) positive(key, *value);
        return value;
    }

private:
    const File& file_;
};

/// As llama.cpp reads the keys: a factor without a type means linear scaling, and the type "none" overrides a factor.
double scale_of_positions(const Keys& keys, const File& file) {
    const std::string type = file.text("llama.rope.scaling.type").value_or("linear");
    if (type != "linear" && type != "none") {
        keys.fail(fmt::format("llama.rope.scaling.type is '{}', which is not supported; 'linear' and 'none' are",
                              printable(type)));
    }
    const auto factor = keys.positive_or_absent("rope.scaling.factor");
    const auto old_name = keys.positive_or_absent("rope.scale_linear");
    if (factor && old_name && *factor != *old_name) {
        keys.fail(
            fmt::format("llama.rope.scaling.factor is {} and llama.rope.scale_linear {}; they name the same thing",
                        *factor, *old_name));
    }
    return type == "none" ? 1 : 1 / factor.value_or(old_name.value_or(1));
}

/// Frequency factors from tensor rope_freqs.weight, which converted Llama 3.1 files have.
std::vector<double> factors_of_frequencies(const Keys& keys, const File& file, const Hyperparameters& shape) {
    const TensorInfo* tensor = file.find("rope_freqs.weight");
    if (tensor == nullptr) return {};
    const std::uint32_t pairs = shape.head_dim / 2;
    if (tensor->columns() != pairs || tensor->rows() != 1) {
        keys.fail(fmt::format("tensor rope_freqs.weight is {}x{}, expected {}x1: a factor for each pair of a head",
                              tensor->columns(), tensor->rows(), pairs));
    }
    std::vector<float> values(pairs);
    layout_of(tensor->type).unpack(file.data(*tensor), values);
    bool are_frequencies = pairs > 1;
    for (std::uint32_t pair = 0; pair < pairs; ++pair) {
        if (!(values[pair] > 0) || !std::isfinite(values[pair]))
            keys.fail(
                fmt::format("tensor rope_freqs.weight has {} at {}, expected a number above 0", values[pair], pair));
        const double frequency = std::pow(shape.rope_theta, -2.0 * pair / shape.head_dim);
        are_frequencies = are_frequencies && std::abs(values[pair] - frequency) < 1e-3 * frequency;
    }
    // Meta's files have a tensor rope.freqs with the frequencies; early conversions kept it under this name.
    if (are_frequencies) {
        keys.fail(
            "tensor rope_freqs.weight holds the frequencies themselves, not factors for them: convert the model again");
    }
    return {values.begin(), values.end()};
}

}  // namespace

Hyperparameters read_hyperparameters(const File& file) {
    const Keys keys(file);
    const std::string architecture = file.text("general.architecture").value_or("");
    if (architecture != "llama")
        keys.fail(fmt::format("general.architecture is '{}'; Bellwether runs 'llama'", printable(architecture)));

    Hyperparameters h;
    // The limits are far above every Llama model and keep products within 64 bits.
    h.dim = keys.count("embedding_length", 1 << 16);
    h.layers = keys.count("block_count", 1024);
    h.ffn = keys.count("feed_forward_length", 1 << 18);
    h.heads = keys.count("attention.head_count", 1024);
    // Files without grouped-query attention omit the key.
    h.kv_heads = keys.in_range("attention.head_count_kv",
                               file.unsigned_integer("llama.attention.head_count_kv").value_or(h.heads), 1024);
    h.context = keys.count("context_length", 1 << 20);
    if (h.dim % h.heads != 0)
        keys.fail(fmt::format("embedding_length {} is not a multiple of head_count {}", h.dim, h.heads));
    if (h.heads % h.kv_heads != 0)
        keys.fail(fmt::format("head_count {} is not a multiple of head_count_kv {}", h.heads, h.kv_heads));
    h.head_dim = h.dim / h.heads;
    const auto rotated = file.unsigned_integer("llama.rope.dimension_count").value_or(h.head_dim);
    // Kernels rotate whole heads and keep a head in the lanes of a subgroup.
    if (rotated != h.head_dim || h.head_dim % 2 != 0 || h.head_dim > 512) {
        keys.fail(
            fmt::format("rope.dimension_count is {}, heads have {} values; they must be equal, even and at most 512",
                        rotated, h.head_dim));
    }
    const auto epsilon = file.number("llama.attention.layer_norm_rms_epsilon");
    if (!epsilon) keys.fail("key llama.attention.layer_norm_rms_epsilon is missing");
    h.norm_epsilon = static_cast<float>(keys.positive("attention.layer_norm_rms_epsilon", *epsilon));
    // 10000 is the value of Llama 2, whose converted files have no such key.
    h.rope_theta = keys.positive("rope.freq_base", file.number("llama.rope.freq_base").value_or(10000));

    h.position_scale = scale_of_positions(keys, file);
    h.frequency_factors = factors_of_frequencies(keys, file, h);

    const TensorInfo* embedding = file.find("token_embd.weight");
    if (embedding == nullptr) keys.fail("tensor token_embd.weight is missing; is this a vocabulary only?");
    // From the embedding table, because many files lack the key vocab_size.
    h.vocab = keys.in_range("vocab_size", embedding->rows(), 1 << 20);
    return h;
}

Hyperparameters declared_hyperparameters(const File& file) {
    const auto number = [&file](const std::string& key) {
        const auto found = file.metadata().find("llama." + key);
        if (found == file.metadata().end()) return 0.0;
        if (const auto* real = std::get_if<double>(&found->second)) return *real;
        if (const auto* natural = std::get_if<std::uint64_t>(&found->second)) return static_cast<double>(*natural);
        if (const auto* integer = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*integer);
        return 0.0;
    };
    const auto count = [&number](const std::string& key) {
        // A double out of range must not be converted.
        constexpr double kMax = 4294967295;
        return static_cast<std::uint32_t>(std::clamp(number(key), 0.0, kMax));
    };
    Hyperparameters h;
    h.dim = count("embedding_length");
    h.layers = count("block_count");
    h.heads = count("attention.head_count");
    h.kv_heads = file.metadata().contains("llama.attention.head_count_kv") ? count("attention.head_count_kv") : h.heads;
    h.head_dim = h.heads == 0 ? 0 : h.dim / h.heads;
    h.ffn = count("feed_forward_length");
    h.context = count("context_length");
    h.norm_epsilon = static_cast<float>(number("attention.layer_norm_rms_epsilon"));
    if (file.metadata().contains("llama.rope.freq_base")) h.rope_theta = number("rope.freq_base");
    if (const TensorInfo* embedding = file.find("token_embd.weight"))
        h.vocab = static_cast<std::uint32_t>(std::min<std::uint64_t>(embedding->rows(), ~0U));
    return h;
}

}  // namespace engine::formats::gguf
