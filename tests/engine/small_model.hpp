#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/random_weights.hpp"

/// A file of a small Llama network with random F32 weights and the small vocabulary, which tests extend. Two layers, so
/// that one of them can lack a tensor of the other.
class SmallModel {
public:
    static constexpr std::uint32_t kDim = 48, kHeads = 6, kKvHeads = 3, kHeadDim = 8, kFfn = 72, kLayers = 2;
    static constexpr std::uint32_t kVocab = 264, kContext = 64;

    explicit SmallModel(const gguf_test::SmallVocabulary& vocabulary = gguf_test::SmallVocabulary())
        : writer(vocabulary.writer()) {
        add_shape(writer);
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
        std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
        bytes.resize((bytes.size() + 31) / 32 * 32);
        tensors_.push_back({name, dims, bytes});
        add(writer, tensors_.back(), offset_);
    }

    /// The tensors in `count` files, as llama.cpp's gguf-split makes them: the first one has the model's own keys.
    std::vector<gguf_test::Writer> split(std::uint16_t count) const {
        std::vector<gguf_test::Writer> parts;
        const std::size_t each = (tensors_.size() + count - 1) / count;
        for (std::uint16_t part = 0; part < count; ++part) {
            gguf_test::Writer file = part == 0 ? gguf_test::SmallVocabulary().writer() : gguf_test::Writer();
            if (part == 0) add_shape(file);
            file.key("split.no", 2, part).key("split.count", 2, count);
            file.key("split.tensors.count", 5, static_cast<std::int32_t>(tensors_.size()));
            std::uint64_t offset = 0;
            for (std::size_t i = part * each; i < std::min(tensors_.size(), (part + 1) * each); ++i)
                add(file, tensors_[i], offset);
            parts.push_back(file);
        }
        return parts;
    }

    gguf_test::Writer writer;

private:
    struct Tensor {
        std::string name;
        std::vector<std::uint64_t> dims;
        std::string bytes;
    };

    static void add_shape(gguf_test::Writer& file) {
        for (const auto& [key, value] :
             std::vector<std::pair<std::string, std::uint32_t>>{{"embedding_length", kDim},
                                                                {"block_count", kLayers},
                                                                {"attention.head_count", kHeads},
                                                                {"attention.head_count_kv", kKvHeads},
                                                                {"feed_forward_length", kFfn},
                                                                {"context_length", kContext}})
            file.key("llama." + key, 4, value);
        file.key("llama.attention.layer_norm_rms_epsilon", 6, 1e-5F);
    }

    static void add(gguf_test::Writer& file, const Tensor& tensor, std::uint64_t& offset) {
        file.tensor(tensor.name, tensor.dims, 0, offset);
        file.data(tensor.bytes);
        offset += tensor.bytes.size();
    }

    void matrix(const std::string& name, std::uint32_t columns, std::uint32_t rows, float scale = 0) {
        std::vector<float> values(std::size_t{columns} * rows);
        if (scale == 0) scale = 2 / std::sqrt(static_cast<float>(columns));
        for (float& value : values) value = scale * random_.unit();
        tensor(name, {columns, rows}, values);
    }

    random_weights::Random random_;
    std::vector<Tensor> tensors_;
    std::uint64_t offset_ = 0;
};
