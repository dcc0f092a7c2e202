#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary.hpp"

namespace gguf_test {

/// Bytes in the little-endian layout of the format.
class Bytes {
public:
    template <class Value>
    Bytes& add(Value value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    Bytes& text(std::string_view value) {
        add(std::uint64_t{value.size()});
        bytes_ += value;
        return *this;
    }
    Bytes& raw(std::string_view value) {
        bytes_ += value;
        return *this;
    }
    const std::string& str() const { return bytes_; }

private:
    std::string bytes_;
};

/// One GGUF file, built part by part so that a test can damage any of them.
class Writer {
public:
    template <class Value>
    Writer& key(std::string_view name, std::uint32_t type, Value value) {
        keys_.text(name).add(type).add(value);
        ++key_count;
        return *this;
    }
    Writer& key_text(std::string_view name, std::string_view value) {
        keys_.text(name).add(std::uint32_t{8}).text(value);
        ++key_count;
        return *this;
    }
    template <class Value>
    Writer& key_array(std::string_view name, std::uint32_t type, const std::vector<Value>& values) {
        keys_.text(name).add(std::uint32_t{9}).add(type).add(std::uint64_t{values.size()});
        for (const Value& value : values) keys_.add(value);
        ++key_count;
        return *this;
    }
    Writer& key_texts(std::string_view name, const std::vector<std::string>& values) {
        keys_.text(name).add(std::uint32_t{9}).add(std::uint32_t{8}).add(std::uint64_t{values.size()});
        for (const std::string& value : values) keys_.text(value);
        ++key_count;
        return *this;
    }
    Writer& raw_key(const Bytes& bytes) {
        keys_.raw(bytes.str());
        ++key_count;
        return *this;
    }
    Writer& tensor(std::string_view name, const std::vector<std::uint64_t>& dims, std::uint32_t type,
                   std::uint64_t offset) {
        tensors_.text(name).add(static_cast<std::uint32_t>(dims.size()));
        for (const std::uint64_t extent : dims) tensors_.add(extent);
        tensors_.add(type).add(offset);
        ++tensor_count;
        return *this;
    }
    Writer& data(std::string_view bytes) {
        data_ += bytes;
        return *this;
    }

    std::string header() const {
        Bytes bytes;
        bytes.raw(magic).add(version).add(tensor_count).add(key_count).raw(keys_.str()).raw(tensors_.str());
        return bytes.str();
    }
    std::string str() const {
        std::string bytes = header();
        if (!data_.empty()) bytes.resize((bytes.size() + alignment - 1) / alignment * alignment, '\0');
        return bytes + data_;
    }

    std::string magic = "GGUF";
    std::uint32_t version = 3;
    std::uint64_t tensor_count = 0;
    std::uint64_t key_count = 0;
    std::size_t alignment = 32;

private:
    Bytes keys_;
    Bytes tensors_;
    std::string data_;
};

/// A file that is removed with the object.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view bytes = {}) { write(bytes); }

    void write(std::string_view bytes) const {
        std::ofstream(path(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    std::string path() const { return folder_ / "model.gguf"; }

private:
    Temporary folder_;
};

/// The pieces of a small vocabulary as a Llama GGUF holds them: 3 special, 256 bytes, then `normal` with falling
/// scores.
struct SmallVocabulary {
    explicit SmallVocabulary(const std::vector<std::string>& normal = {"\xE2\x96\x81", "a", "b", "ab",
                                                                       std::string("\xE2\x96\x81") + "ab"}) {
        tokens = {"<unk>", "<s>", "</s>"};
        types = {2, 3, 3};
        for (int byte = 0; byte < 256; ++byte) {
            constexpr const char* kHex = "0123456789ABCDEF";
            tokens.push_back(std::string("<0x") + kHex[byte / 16] + kHex[byte % 16] + ">");
            types.push_back(6);
        }
        for (const std::string& piece : normal) {
            tokens.push_back(piece);
            types.push_back(1);
        }
        for (std::size_t id = 0; id < tokens.size(); ++id) scores.push_back(id < 259 ? 0.0F : -static_cast<float>(id));
    }

    Writer writer() const {
        Writer result;
        result.key_text("general.architecture", "llama").key_text("tokenizer.ggml.model", "llama");
        result.key_texts("tokenizer.ggml.tokens", tokens);
        result.key_array("tokenizer.ggml.scores", 6, scores).key_array("tokenizer.ggml.token_type", 5, types);
        return result;
    }

    std::vector<std::string> tokens;
    std::vector<float> scores;
    std::vector<std::int32_t> types;
};

}  // namespace gguf_test
