#include "engine/text/tokenizer.hpp"

#include <fmt/format.h>
#include <sentencepiece_processor.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/formats/sentencepiece/model.hpp"
#include "engine/formats/utf8.hpp"

namespace engine::text {
namespace {

using formats::Piece;
using formats::PieceType;
using formats::Vocabulary;

constexpr std::string_view kSpace = "\xE2\x96\x81";          // U+2581, which stands for a space in pieces
constexpr std::string_view kUnknownText = " \xE2\x81\x87 ";  // what sentencepiece shows for the unknown piece
constexpr std::size_t kMaxText = std::size_t{1} << 28;       // bytes; sentencepiece counts in int

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, where + ": " + what);
}

/// What a piece adds to a text.
std::string shown(const Piece& piece) {
    switch (piece.type) {
        case PieceType::Control: return "";
        case PieceType::Unknown: return std::string(kUnknownText);
        case PieceType::Byte: return {static_cast<char>(std::stoi(piece.text.substr(3, 2), nullptr, 16))};
        default: break;
    }
    std::string text = piece.text;
    for (std::size_t at = 0; (at = text.find(kSpace, at)) != std::string::npos; ++at)
        text.replace(at, kSpace.size(), " ");
    return text;
}

class SentencePieceTokenizer final : public Tokenizer {
public:
    SentencePieceTokenizer(const std::string& where, Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {
        const std::string model = formats::sentencepiece::write_model(vocabulary_);
        const auto status = processor_.LoadFromSerializedProto(model);
        if (!status.ok()) fail(where, "the vocabulary is not usable: " + status.ToString());
        shown_.reserve(vocabulary_.pieces.size());
        for (std::size_t id = 0; id < vocabulary_.pieces.size(); ++id) {
            const Piece& piece = vocabulary_.pieces[id];
            shown_.push_back(shown(piece));
            if (piece.type == PieceType::Byte)
                bytes_[static_cast<unsigned char>(shown_[id][0])] = static_cast<TokenId>(id);
            if (piece.type == PieceType::UserDefined && vocabulary_.parts_at_user_defined)
                added_[static_cast<unsigned char>(shown_[id][0])].push_back(static_cast<TokenId>(id));
        }
        // Longest first, as in Hugging Face tokenizers and llama.cpp.
        for (std::vector<TokenId>& starting : added_) {
            std::stable_sort(starting.begin(), starting.end(), [this](TokenId a, TokenId b) {
                return shown_[static_cast<std::size_t>(a)].size() > shown_[static_cast<std::size_t>(b)].size();
            });
        }
    }

    std::vector<TokenId> encode(std::string_view text, Bos bos) const override {
        if (text.size() > kMaxText) {
            throw EngineError(EngineError::Kind::Input,
                              fmt::format("cannot tokenize a text of {} bytes, maximum {}", text.size(), kMaxText));
        }
        std::vector<TokenId> ids;
        if (bos == Bos::Yes || (bos == Bos::ModelDefault && vocabulary_.adds_bos)) ids.push_back(vocabulary_.bos);
        std::size_t start = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::optional<TokenId> added = added_at(text.substr(at));
            if (!added) {
                ++at;
                continue;
            }
            append_plain(text.substr(start, at - start), ids);
            ids.push_back(*added);
            at += shown_[static_cast<std::size_t>(*added)].size();
            start = at;
        }
        append_plain(text.substr(start), ids);
        return ids;
    }

    std::string decode(std::span<const TokenId> ids) const override { return decode_after({}, ids); }

    std::string decode_after(std::span<const TokenId> prompt, std::span<const TokenId> ids) const override {
        // The first piece of a text starts with the space that encoding added; spaces of later pieces are real.
        bool at_start = vocabulary_.adds_space;
        for (std::size_t i = 0; at_start && i < prompt.size(); ++i) at_start = of(prompt[i]).type == PieceType::Control;
        std::string text;
        for (const TokenId id : ids) {
            const PieceType type = of(id).type;
            const std::string& added = shown_[static_cast<std::size_t>(id)];
            if (type == PieceType::Control) continue;
            const bool dummy =
                at_start && added.front() == ' ' && type != PieceType::Byte && type != PieceType::Unknown;
            text += dummy ? std::string_view(added).substr(1) : std::string_view(added);
            at_start = false;
        }
        return text;
    }

    std::string piece(TokenId id) const override { return of(id).text; }
    std::int32_t vocab_size() const override { return static_cast<std::int32_t>(vocabulary_.pieces.size()); }
    TokenId bos_id() const override { return vocabulary_.bos; }
    TokenId eos_id() const override { return vocabulary_.eos; }
    bool adds_bos() const override { return vocabulary_.adds_bos; }
    bool is_end(TokenId id) const override {
        return std::find(vocabulary_.ends.begin(), vocabulary_.ends.end(), id) != vocabulary_.ends.end();
    }
    std::string_view chat_template() const override { return vocabulary_.chat_template; }

    std::optional<TokenId> special_id(std::string_view spelling) const override {
        for (std::size_t id = 0; id < vocabulary_.pieces.size(); ++id) {
            const Piece& piece = vocabulary_.pieces[id];
            const bool special = piece.type == PieceType::Control || piece.type == PieceType::UserDefined;
            if (special && piece.text == spelling) return static_cast<TokenId>(id);
        }
        return std::nullopt;
    }

private:
    const Piece& of(TokenId id) const {
        if (id < 0 || id >= vocab_size()) {
            throw std::out_of_range(fmt::format("token id {} is outside the vocabulary of {}", id, vocab_size()));
        }
        return vocabulary_.pieces[static_cast<std::size_t>(id)];
    }

    /// The longest user-defined piece with which `text` starts.
    std::optional<TokenId> added_at(std::string_view text) const {
        for (const TokenId id : added_[static_cast<unsigned char>(text[0])]) {
            if (text.starts_with(shown_[static_cast<std::size_t>(id)])) return id;
        }
        return std::nullopt;
    }

    /// Ids of a text without user-defined pieces.
    void append_plain(std::string_view text, std::vector<TokenId>& ids) const {
        if (text.empty()) return;
        // sentencepiece would turn bytes that are not UTF-8 into U+FFFD. No piece contains such a byte, so no merge
        // crosses it: the text is split there, and the byte gets its own token.
        std::string part = vocabulary_.adds_space ? " " : "";
        while (!text.empty()) {
            const std::size_t length = formats::character_length(text);
            if (length == 0) {
                append(part, ids);
                part.clear();
                ids.push_back(bytes_[static_cast<unsigned char>(text[0])]);
                text.remove_prefix(1);
            } else {
                part += text.substr(0, length);
                text.remove_prefix(length);
            }
        }
        append(part, ids);
    }

    void append(const std::string& part, std::vector<TokenId>& ids) const {
        if (part.empty()) return;
        std::vector<int> encoded;
        const auto status = processor_.Encode(part, &encoded);
        if (!status.ok()) {
            throw EngineError(EngineError::Kind::Input, "the text cannot be tokenized: " + status.ToString());
        }
        ids.insert(ids.end(), encoded.begin(), encoded.end());
    }

    Vocabulary vocabulary_;
    sentencepiece::SentencePieceProcessor processor_;
    std::vector<std::string> shown_;
    /// User-defined pieces that split a text, by their first byte, longest first.
    std::array<std::vector<TokenId>, 256> added_;
    std::array<TokenId, 256> bytes_ = {};
};

}  // namespace

std::unique_ptr<Tokenizer> make_tokenizer(const std::string& where, formats::Vocabulary vocabulary) {
    return std::make_unique<SentencePieceTokenizer>(where, std::move(vocabulary));
}

void check_pieces(const std::string& where, const Tokenizer& tokenizer, std::uint32_t rows) {
    if (tokenizer.vocab_size() == static_cast<std::int32_t>(rows)) return;
    throw EngineError(EngineError::Kind::Input,
                      fmt::format("{}: the tokenizer has {} pieces, the embedding table {} rows", where,
                                  tokenizer.vocab_size(), rows));
}

}  // namespace engine::text
