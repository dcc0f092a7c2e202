#include "engine/llama/hyperparameters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "engine/language_model.hpp"

namespace engine::llama {
namespace {

class Keys {
public:
    explicit Keys(const formats::Gguf& file) : file_(file) {}

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

private:
    const formats::Gguf& file_;
};

}  // namespace

Hyperparameters Hyperparameters::from(const formats::Gguf& file) {
    const Keys keys(file);
    const std::string architecture = file.text("general.architecture").value_or("");
    if (architecture != "llama")
        keys.fail(fmt::format("the architecture is '{}'; Bellwether runs 'llama'", architecture));
    if (file.unsigned_integer("llama.expert_count").value_or(0) > 0)
        keys.fail("a mixture of experts is not a Llama 2 model");

    Hyperparameters h;
    h.dim = keys.count("embedding_length", 1 << 16);
    h.layers = keys.count("block_count", 1024);
    h.ffn = keys.count("feed_forward_length", 1 << 18);
    h.heads = keys.count("attention.head_count", 1024);
    h.kv_heads = keys.in_range("attention.head_count_kv",
                               file.unsigned_integer("llama.attention.head_count_kv").value_or(h.heads), 1024);
    h.context = keys.count("context_length", 1 << 20);
    if (h.dim % h.heads != 0)
        keys.fail(fmt::format("embedding_length {} is not a multiple of head_count {}", h.dim, h.heads));
    if (h.heads % h.kv_heads != 0)
        keys.fail(fmt::format("head_count {} is not a multiple of head_count_kv {}", h.heads, h.kv_heads));
    h.head_dim = h.dim / h.heads;
    const auto rotated = file.unsigned_integer("llama.rope.dimension_count").value_or(h.head_dim);
    if (rotated != h.head_dim || h.head_dim % 2 != 0 || h.head_dim > 512) {
        keys.fail(
            fmt::format("rope.dimension_count is {}, heads have {} values; they must be equal, even and at most 512",
                        rotated, h.head_dim));
    }
    const auto epsilon = file.number("llama.attention.layer_norm_rms_epsilon");
    if (!epsilon) keys.fail("key llama.attention.layer_norm_rms_epsilon is missing");
    h.norm_epsilon = static_cast<float>(keys.positive("attention.layer_norm_rms_epsilon", *epsilon));
    h.rope_theta = keys.positive("rope.freq_base", file.number("llama.rope.freq_base").value_or(10000));

    const std::string scaling = file.text("llama.rope.scaling.type").value_or("none");
    if (scaling == "linear") {
        h.position_scale =
            1 / keys.positive("rope.scaling.factor", file.number("llama.rope.scaling.factor").value_or(1));
    } else if (scaling != "none") {
        keys.fail(fmt::format("rope scaling '{}' is not supported; 'linear' is", scaling));
    }
    if (const auto old_name = file.number("llama.rope.scale_linear"))
        h.position_scale = 1 / keys.positive("rope.scale_linear", *old_name);

    const formats::TensorInfo* embedding = file.find("token_embd.weight");
    if (embedding == nullptr) keys.fail("tensor token_embd.weight is missing; is this a vocabulary only?");
    h.vocab = keys.in_range("vocab_size", embedding->rows(), 1 << 20);
    return h;
}

}  // namespace engine::llama
