#include "engine/text/tokenizer.hpp"

#include <fmt/format.h>
#include <sentencepiece_processor.h>

#include <array>
#include <bit>
#include <fstream>
#include <iterator>

#include "engine/formats/gguf.hpp"

namespace engine::text {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581, how pieces spell a space

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, where + ": " + what);
}

/// The few protobuf fields of a sentencepiece model that a GGUF's vocabulary determines.
class ProtoWriter {
public:
    void number(std::uint32_t field, std::uint64_t value) {
        varint(field << 3);
        varint(value);
    }
    void real(std::uint32_t field, float value) {
        varint(field << 3 | 5);
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 255);
    }
    void bytes(std::uint32_t field, std::string_view value) {
        varint(field << 3 | 2);
        varint(value.size());
        bytes_ += value;
    }
    const std::string& str() const { return bytes_; }

private:
    void varint(std::uint64_t value) {
        for (; value >= 128; value >>= 7) bytes_ += static_cast<char>((value & 127) | 128);
        bytes_ += static_cast<char>(value);
    }
    std::string bytes_;
};

class SentencePieceTokenizer final : public Tokenizer {
public:
    SentencePieceTokenizer(const std::string& where, std::string_view model, bool adds_bos, std::optional<TokenId> bos,
                           std::optional<TokenId> eos)
        : adds_bos_(adds_bos) {
        const auto status = processor_.LoadFromSerializedProto(absl::string_view(model.data(), model.size()));
        if (!status.ok()) fail(where, "not a usable tokenizer: " + status.ToString());
        bos_ = bos.value_or(processor_.bos_id());
        eos_ = eos.value_or(processor_.eos_id());
        for (const TokenId id : {bos_, eos_}) {
            if (id < 0 || id >= vocab_size()) fail(where, fmt::format("token id {} for BOS or EOS is outside the vocabulary of {}", id, vocab_size()));
        }
        pieces_.reserve(static_cast<std::size_t>(vocab_size()));
        for (TokenId id = 0; id < vocab_size(); ++id) pieces_.push_back(text_of(id));
    }

    std::vector<TokenId> encode(std::string_view text, Bos bos) const override {
        std::vector<TokenId> ids;
        if (bos == Bos::Yes || (bos == Bos::ModelDefault && adds_bos_)) ids.push_back(bos_);
        std::vector<int> encoded;
        const auto status = processor_.Encode(absl::string_view(text.data(), text.size()), &encoded);
        if (!status.ok()) throw EngineError(EngineError::Kind::Input, "the text cannot be tokenized: " + status.ToString());
        ids.insert(ids.end(), encoded.begin(), encoded.end());
        return ids;
    }

    std::string decode(std::span<const TokenId> ids) const override { return decode_after({}, ids); }

    std::string decode_after(std::span<const TokenId> prompt, std::span<const TokenId> ids) const override {
        // The first piece of a text carries the dummy space that encoding put there; later ones carry real spaces.
        bool at_start = true;
        for (const TokenId id : prompt) at_start = at_start && processor_.IsControl(checked(id));
        std::string text;
        for (const TokenId id : ids) {
            const std::string& piece = pieces_[static_cast<std::size_t>(checked(id))];
            if (piece.empty()) continue;
            text += at_start && piece.front() == ' ' && !processor_.IsByte(id) ? piece.substr(1) : piece;
            at_start = false;
        }
        return text;
    }

    std::string piece(TokenId id) const override { return processor_.IdToPiece(checked(id)); }
    std::int32_t vocab_size() const override { return processor_.GetPieceSize(); }
    TokenId bos_id() const override { return bos_; }
    TokenId eos_id() const override { return eos_; }
    bool adds_bos() const override { return adds_bos_; }

private:
    TokenId checked(TokenId id) const {
        if (id < 0 || id >= vocab_size()) throw std::out_of_range(fmt::format("token id {} is outside the vocabulary of {}", id, vocab_size()));
        return id;
    }

    /// What a token adds to a text.
    std::string text_of(TokenId id) const {
        if (processor_.IsControl(id)) return "";
        std::string piece = processor_.IdToPiece(id);
        if (processor_.IsUnknown(id)) return " \xE2\x81\x87 ";
        if (processor_.IsByte(id)) return {static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16))};
        for (std::size_t at = 0; (at = piece.find(kSpace, at)) != std::string::npos; ++at) piece.replace(at, kSpace.size(), " ");
        return piece;
    }

    sentencepiece::SentencePieceProcessor processor_;
    bool adds_bos_;
    TokenId bos_ = 1;
    TokenId eos_ = 2;
    std::vector<std::string> pieces_;
};

template <class Value>
const Value& required(const formats::Gguf& file, std::string_view key, std::string_view what) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) fail(file.path(), fmt::format("key {} is missing; the file has no usable tokenizer", key));
    const auto* value = std::get_if<Value>(&found->second);
    if (value == nullptr) fail(file.path(), fmt::format("key {} is not {}", key, what));
    return *value;
}

std::optional<TokenId> token_id(const formats::Gguf& file, std::string_view key, std::size_t vocab) {
    const auto id = file.unsigned_integer(key);
    if (id && *id >= vocab) fail(file.path(), fmt::format("key {} is {}, outside the vocabulary of {}", key, *id, vocab));
    return id ? std::optional<TokenId>(static_cast<TokenId>(*id)) : std::nullopt;
}

/// Byte pieces are spelled <0x00> to <0xFF>.
bool is_byte_spelling(const std::string& piece) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    return piece.size() == 6 && piece.starts_with("<0x") && piece[5] == '>' && kHex.find(piece[3]) != std::string_view::npos &&
           kHex.find(piece[4]) != std::string_view::npos;
}

}  // namespace

std::unique_ptr<Tokenizer> tokenizer_from_gguf(const formats::Gguf& file) {
    const std::string kind = file.text("tokenizer.ggml.model").value_or("");
    if (kind != "llama") fail(file.path(), fmt::format("tokenizer.ggml.model is '{}'; Llama 2 files have 'llama' (sentencepiece)", kind));
    const auto& tokens = required<std::vector<std::string>>(file, "tokenizer.ggml.tokens", "a list of texts");
    const auto& scores = required<std::vector<double>>(file, "tokenizer.ggml.scores", "a list of floats");
    const auto& types = required<std::vector<std::int64_t>>(file, "tokenizer.ggml.token_type", "a list of integers");
    if (tokens.empty() || scores.size() != tokens.size() || types.size() != tokens.size()) {
        fail(file.path(), fmt::format("the tokenizer has {} tokens, {} scores and {} types", tokens.size(), scores.size(), types.size()));
    }

    constexpr std::int64_t kUnknown = 2;
    constexpr std::int64_t kByte = 6;
    ProtoWriter model;
    std::size_t byte_pieces = 0;
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (types[i] < 1 || types[i] > 6) fail(file.path(), fmt::format("token {} has the unknown type {}", i, types[i]));
        if (types[i] == kByte && !is_byte_spelling(tokens[i])) fail(file.path(), fmt::format("token {} is of type byte but not spelled <0xNN>", i));
        if (types[i] == kUnknown) unknown = i;
        byte_pieces += types[i] == kByte ? 1 : 0;
        ProtoWriter piece;
        piece.bytes(1, tokens[i]);
        piece.real(2, static_cast<float>(scores[i]));
        piece.number(3, static_cast<std::uint64_t>(types[i]));
        model.bytes(1, piece.str());
    }
    const auto bos = token_id(file, "tokenizer.ggml.bos_token_id", tokens.size());
    const auto eos = token_id(file, "tokenizer.ggml.eos_token_id", tokens.size());
    ProtoWriter trainer;
    trainer.number(3, 2);  // model_type: BPE
    trainer.number(4, tokens.size());
    trainer.number(35, byte_pieces == 256 ? 1 : 0);  // byte_fallback
    trainer.number(40, unknown);
    trainer.number(41, static_cast<std::uint64_t>(bos.value_or(1)));
    trainer.number(42, static_cast<std::uint64_t>(eos.value_or(2)));
    trainer.bytes(45, tokens[unknown]);
    model.bytes(2, trainer.str());
    ProtoWriter normalizer;
    normalizer.bytes(1, "identity");
    normalizer.number(3, file.boolean("tokenizer.ggml.add_space_prefix").value_or(true) ? 1 : 0);
    normalizer.number(4, 0);  // remove_extra_whitespaces
    normalizer.number(5, 1);  // escape_whitespaces
    model.bytes(3, normalizer.str());
    return std::make_unique<SentencePieceTokenizer>(file.path(), model.str(),
                                                    file.boolean("tokenizer.ggml.add_bos_token").value_or(true),
                                                    bos.value_or(1), eos.value_or(2));
}

std::unique_ptr<Tokenizer> tokenizer_from_model_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string model{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (model.empty()) fail(path, "cannot be read, or empty");
    return std::make_unique<SentencePieceTokenizer>(path, model, true, std::nullopt, std::nullopt);
}

}  // namespace engine::text

namespace engine {

std::unique_ptr<Tokenizer> open_tokenizer(const std::string& path) {
    std::array<char, 4> magic = {};
    std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
    if (std::string_view(magic.data(), magic.size()) == "GGUF") return text::tokenizer_from_gguf(formats::Gguf(path));
    return text::tokenizer_from_model_file(path);
}

}  // namespace engine
