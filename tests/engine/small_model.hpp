#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/random_weights.hpp"

/// A file of a small Llama network with random weights in F32 and the small vocabulary, to which a test adds what it is
/// about. Two layers, so that one of them can lack what the other has.
class SmallModel {
public:
    static constexpr std::uint32_t kDim = 48, kHeads = 6, kKvHeads = 3, kHeadDim = 8, kFfn = 72, kLayers = 2;
    static constexpr std::uint32_t kVocab = 264, kContext = 64;

    explicit SmallModel(const gguf_test::SmallVocabulary& vocabulary = gguf_test::SmallVocabulary())
        : writer(vocabulary.writer()) {
        for (const auto& [key, value] :
             std::vector<std::pair<std::string, std::uint32_t>>{{"embedding_length", kDim},
                                                                {"block_count", kLayers},
                                                                {"attention.head_count", kHeads},
                                                                {"attention.head_count_kv", kKvHeads},
                                                                {"feed_forward_length", kFfn},
                                                                {"context_length", kContext}})
            writer.key("llama." + key, 4, value);
        writer.key("llama.attention.layer_norm_rms_epsilon", 6, 1e-5F);
        const std::uint32_t kv_dim = kHeadDim * kKvHeads;
        matrix("token_embd.weight", kDim, static_cast<std::uint32_t>(vocabulary.tokens.size()), 1);
        for (std::uint32_t layer = 0; layer < kLayers; ++layer) {
            const std::string at = "blk." + std::to_string(layer) + ".";
            vector(at + "attn_norm.weight", kDim, 1);
            matrix(at + "attn_q.weight", kDim, kDim);
            matrix(at + "attn_k.weight", kDim, kv_dim);
            matrix(at + "attn_v.weight", kDim, kv_dim);
            matrix(at + "attn_output.weight", kDim, kDim);
            vector(at + "ffn_norm.weight", kDim, 1);
            matrix(at + "ffn_gate.weight", kDim, kFfn);
            matrix(at + "ffn_up.weight", kDim, kFfn);
            matrix(at + "ffn_down.weight", kFfn, kDim);
        }
        vector("output_norm.weight", kDim, 1);
        matrix("output.weight", kDim, static_cast<std::uint32_t>(vocabulary.tokens.size()));
    }

    /// Random values around `centre`.
    void vector(const std::string& name, std::uint32_t size, float centre) {
        std::vector<float> values(size);
        for (float& value : values) value = centre + 0.3F * random_.unit();
        tensor(name, {size}, values);
    }
    void tensor(const std::string& name, const std::vector<std::uint64_t>& dims, const std::vector<float>& values) {
        writer.tensor(name, dims, 0, offset_);
        std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
        bytes.resize((bytes.size() + 31) / 32 * 32);
        offset_ += bytes.size();
        writer.data(bytes);
    }

    gguf_test::Writer writer;

private:
    void matrix(const std::string& name, std::uint32_t columns, std::uint32_t rows, float scale = 0) {
        std::vector<float> values(std::size_t{columns} * rows);
        if (scale == 0) scale = 2 / std::sqrt(static_cast<float>(columns));
        for (float& value : values) value = scale * random_.unit();
        tensor(name, {columns, rows}, values);
    }

    random_weights::Random random_;
    std::uint64_t offset_ = 0;
};
