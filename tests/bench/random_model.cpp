// random_model OUT.gguf SHAPE TYPE [LAYERS] [--vocabulary FILE.gguf]: a model file of a real shape with random weights,
// for measuring speed. SHAPE is tiny, 1.1b, 7b, 13b or 70b; TYPE a tensor type as Q4_0 or F16; LAYERS cuts the depth.
// FILE: with the 32,000 pieces of Llama's tokenizer; without it, pieces are "w1", "w2" ... and a text is as many tokens
// as bytes. The same call writes the same bytes.

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/tensor_type.hpp"
#include "tests/engine/random_weights.hpp"

namespace {

using engine::formats::TensorLayout;

struct Shape {
    std::uint32_t dim, layers, heads, kv_heads, ffn, context;
};
const std::map<std::string, Shape> kShapes = {{"tiny", {256, 2, 8, 4, 768, 512}},
                                              {"1.1b", {2048, 22, 32, 4, 5632, 2048}},
                                              {"7b", {4096, 32, 32, 32, 11008, 4096}},
                                              {"13b", {5120, 40, 40, 40, 13824, 4096}},
                                              {"70b", {8192, 80, 64, 8, 28672, 4096}}};
constexpr std::uint32_t kVocab = 32000;

class Writer {
public:
    explicit Writer(const std::string& path) : out_(path, std::ios::binary) {
        if (!out_) throw std::runtime_error(path + " cannot be written");
    }
    template <class Value>
    void put(const Value& value) {
        out_.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(const std::string& value) {
        put<std::uint64_t>(value.size());
        out_.write(value.data(), static_cast<std::streamsize>(value.size()));
    }
    void entry(const std::string& key, std::uint32_t type) {
        text(key);
        put(type);
    }
    void bytes(const std::vector<std::uint8_t>& values) {
        out_.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size()));
    }
    void align() {
        while (out_.tellp() % 32 != 0) out_.put(0);
    }
    void finish(const std::string& path) {
        out_.close();
        if (!out_) throw std::runtime_error(path + " could not be written: disk full?");
    }

private:
    std::ofstream out_;
};

constexpr std::uint32_t kUint = 4, kFloat = 6, kText = 8, kArray = 9, kInt = 5;

struct Tensor {
    std::string name;
    std::uint64_t columns, rows;
    const TensorLayout* layout;
    std::uint64_t bytes() const { return columns / layout->block_values * layout->block_bytes * rows; }
};

std::vector<Tensor> tensors(const Shape& shape, const TensorLayout& type, const TensorLayout& vectors) {
    const std::uint64_t kv = std::uint64_t{shape.dim} / shape.heads * shape.kv_heads;
    std::vector<Tensor> list = {{"token_embd.weight", shape.dim, kVocab, &type}};
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
        const std::string at = fmt::format("blk.{}.", layer);
        list.push_back({at + "attn_norm.weight", shape.dim, 1, &vectors});
        list.push_back({at + "attn_q.weight", shape.dim, shape.dim, &type});
        list.push_back({at + "attn_k.weight", shape.dim, kv, &type});
        list.push_back({at + "attn_v.weight", shape.dim, kv, &type});
        list.push_back({at + "attn_output.weight", shape.dim, shape.dim, &type});
        list.push_back({at + "ffn_norm.weight", shape.dim, 1, &vectors});
        list.push_back({at + "ffn_gate.weight", shape.dim, shape.ffn, &type});
        list.push_back({at + "ffn_up.weight", shape.dim, shape.ffn, &type});
        list.push_back({at + "ffn_down.weight", shape.ffn, shape.dim, &type});
    }
    list.push_back({"output_norm.weight", shape.dim, 1, &vectors});
    list.push_back({"output.weight", shape.dim, kVocab, &type});
    return list;
}

struct Vocabulary {
    std::vector<std::string> pieces;
    std::vector<float> scores;
    std::vector<std::int32_t> types;
};

/// Control and byte pieces as in Llama's, then pieces that no text has.
Vocabulary made_vocabulary() {
    constexpr std::array<const char*, 3> kControl = {"<unk>", "<s>", "</s>"};
    Vocabulary made;
    for (std::uint32_t id = 0; id < kVocab; ++id) {
        const bool byte = id >= 3 && id < 259;
        made.pieces.push_back(id < 3 ? kControl.at(id)
                              : byte ? fmt::format("<0x{:02X}>", id - 3)
                                     : fmt::format("w{}", id));
        made.scores.push_back(id < 259 ? 0.0F : -static_cast<float>(id));
        made.types.push_back(id == 0 ? 2 : id < 3 ? 3 : byte ? 6 : 1);
    }
    return made;
}

Vocabulary vocabulary_of(const std::string& path) {
    const engine::formats::gguf::File file(path);
    const auto& entries = file.metadata();
    const auto list = [&](const char* key) -> const engine::formats::gguf::MetadataValue& {
        const auto found = entries.find(key);
        if (found == entries.end()) throw std::runtime_error(fmt::format("{}: has no {}", path, key));
        return found->second;
    };
    Vocabulary read;
    read.pieces = std::get<std::vector<std::string>>(list("tokenizer.ggml.tokens"));
    for (const double score : std::get<std::vector<double>>(list("tokenizer.ggml.scores")))
        read.scores.push_back(static_cast<float>(score));
    for (const std::int64_t type : std::get<std::vector<std::int64_t>>(list("tokenizer.ggml.token_type")))
        read.types.push_back(static_cast<std::int32_t>(type));
    if (read.pieces.size() != kVocab || read.scores.size() != kVocab || read.types.size() != kVocab)
        throw std::runtime_error(fmt::format("{}: has {} pieces, expected {}", path, read.pieces.size(), kVocab));
    return read;
}

void write_vocabulary(Writer& out, const Vocabulary& vocabulary) {
    const auto begin = [&out](const char* key, std::uint32_t type) {
        out.entry(key, kArray);
        out.put(type);
        out.put<std::uint64_t>(kVocab);
    };
    begin("tokenizer.ggml.tokens", kText);
    for (const std::string& piece : vocabulary.pieces) out.text(piece);
    begin("tokenizer.ggml.scores", kFloat);
    for (const float score : vocabulary.scores) out.put(score);
    begin("tokenizer.ggml.token_type", kInt);
    for (const std::int32_t type : vocabulary.types) out.put(type);
}

void write_header(Writer& out, const Shape& shape, const std::string& name, const Vocabulary& vocabulary,
                  const std::vector<Tensor>& list) {
    out.put<std::uint32_t>(0x46554747);  // "GGUF"
    out.put<std::uint32_t>(3);
    out.put<std::uint64_t>(list.size());
    out.put<std::uint64_t>(14);
    const auto number = [&out](const char* key, std::uint32_t value) {
        out.entry(key, kUint);
        out.put(value);
    };
    for (const auto& [key, value] : {std::pair<const char*, std::string>{"general.architecture", "llama"},
                                     {"general.name", name},
                                     {"tokenizer.ggml.model", "llama"}}) {
        out.entry(key, kText);
        out.text(value);
    }
    number("llama.context_length", shape.context);
    number("llama.embedding_length", shape.dim);
    number("llama.block_count", shape.layers);
    number("llama.feed_forward_length", shape.ffn);
    number("llama.attention.head_count", shape.heads);
    number("llama.attention.head_count_kv", shape.kv_heads);
    out.entry("llama.attention.layer_norm_rms_epsilon", kFloat);
    out.put(1e-5F);
    number("tokenizer.ggml.bos_token_id", 1);
    write_vocabulary(out, vocabulary);
    std::uint64_t offset = 0;
    for (const Tensor& tensor : list) {
        out.text(tensor.name);
        out.put<std::uint32_t>(tensor.rows == 1 ? 1 : 2);
        out.put(tensor.columns);
        if (tensor.rows != 1) out.put(tensor.rows);
        out.put(static_cast<std::uint32_t>(tensor.layout->type));
        out.put(offset);
        offset += (tensor.bytes() + 31) / 32 * 32;
    }
    out.align();
}

void write_tensor(Writer& out, const Tensor& tensor, random_weights::Random& random) {
    std::vector<std::uint8_t> row(tensor.bytes() / tensor.rows);
    for (std::uint64_t r = 0; r < tensor.rows; ++r) {
        if (tensor.rows > 1) {
            random_weights::fill_row(*tensor.layout, random, row);
        } else {
            const float one = 1.0F;
            for (std::size_t at = 0; at < row.size(); at += sizeof one) std::memcpy(&row[at], &one, sizeof one);
        }
        out.bytes(row);
    }
    out.align();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const bool has_vocabulary = argc > 5 && std::string_view(argv[argc - 2]) == "--vocabulary";
        const Vocabulary vocabulary = has_vocabulary ? vocabulary_of(argv[argc - 1]) : made_vocabulary();
        if (has_vocabulary) argc -= 2;
        if (argc < 4 || argc > 5 || !kShapes.contains(argv[2]))
            throw std::runtime_error(
                "usage: random_model OUT.gguf tiny|1.1b|7b|13b|70b TYPE [LAYERS] [--vocabulary FILE.gguf]");
        Shape shape = kShapes.at(argv[2]);
        if (argc > 4) shape.layers = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
        const std::string type = argv[3];
        const TensorLayout* layout = nullptr;
        for (std::uint32_t id = 0; id < 64 && layout == nullptr; ++id) {
            const TensorLayout* candidate = engine::formats::layout_of(id);
            if (candidate != nullptr && candidate->name == type) layout = candidate;
        }
        if (layout == nullptr) throw std::runtime_error(type + " is no tensor type");
        const std::vector<Tensor> list = tensors(shape, *layout, *engine::formats::layout_of(0U));
        Writer out(argv[1]);
        write_header(out, shape, fmt::format("random {} {}", argv[2], type), vocabulary, list);
        random_weights::Random random;
        for (const Tensor& tensor : list) write_tensor(out, tensor, random);
        out.finish(argv[1]);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
