#include "engine/formats/gguf/vocabulary.hpp"

#include <fmt/format.h>

#include "engine/formats/gguf/tokenizer_keys.hpp"
#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, where + ": " + what);
}

template <class Value>
const Value& required(const File& file, std::string_view key, std::string_view what) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) {
        fail(file.path(), fmt::format("key {} is missing; the file has no usable tokenizer", key));
    }
    const auto* value = std::get_if<Value>(&found->second);
    if (value == nullptr) fail(file.path(), fmt::format("key {}: expected {}", key, what));
    return *value;
}

TokenId token_id(const File& file, std::string_view key, std::size_t vocab, std::uint64_t otherwise) {
    const std::uint64_t id = file.unsigned_integer(key).value_or(otherwise);
    if (id >= vocab) fail(file.path(), fmt::format("key {} is {}, outside the vocabulary of {}", key, id, vocab));
    return static_cast<TokenId>(id);
}

/// Tokens that end a generation: EOS, the end of turn and end of message if the file has keys for them, and ChatML's
/// end of turn, which many files have as a piece without a key.
std::vector<TokenId> end_ids(const File& file, const Vocabulary& vocabulary) {
    std::vector<TokenId> ends = {vocabulary.eos};
    for (const char* key : {"tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"}) {
        if (file.metadata().contains(key)) ends.push_back(token_id(file, key, vocabulary.pieces.size(), 0));
    }
    for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
        const Piece& piece = vocabulary.pieces[id];
        const bool special = piece.type == PieceType::Control || piece.type == PieceType::UserDefined;
        if (special && piece.text == "<|im_end|>") ends.push_back(static_cast<TokenId>(id));
    }
    return ends;
}

}  // namespace

Vocabulary read_vocabulary(const File& file) {
    const std::string& where = file.path();
    const std::string kind = file.text("tokenizer.ggml.model").value_or("");
    if (kind != "llama") {
        fail(where,
             fmt::format("tokenizer.ggml.model is '{}'; Llama 2 files have 'llama' (sentencepiece)", printable(kind)));
    }
    const auto& tokens = required<std::vector<std::string>>(file, "tokenizer.ggml.tokens", "a list of strings");
    const auto& scores = required<std::vector<double>>(file, "tokenizer.ggml.scores", "a list of floats");
    const auto& types = required<std::vector<std::int64_t>>(file, "tokenizer.ggml.token_type", "a list of integers");
    if (tokens.empty() || scores.size() != tokens.size() || types.size() != tokens.size()) {
        fail(where, fmt::format("the tokenizer has {} tokens, {} scores and {} types", tokens.size(), scores.size(),
                                types.size()));
    }
    check_tokenizer_keys(file);
    // Before memory is allocated for the pieces.
    check_piece_count(where, tokens.size());
    Vocabulary vocabulary;
    vocabulary.pieces.reserve(tokens.size());
    bool has_unknown = false;
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        const PieceType type = piece_type(where, id, static_cast<std::uint64_t>(types[id]));
        has_unknown = has_unknown || type == PieceType::Unknown;
        vocabulary.pieces.push_back({tokens[id], static_cast<float>(scores[id]), type});
    }
    const auto unknown = static_cast<std::size_t>(token_id(file, "tokenizer.ggml.unknown_token_id", tokens.size(), 0));
    // Some converters give the id of the unknown piece but do not mark it.
    if (!has_unknown) vocabulary.pieces[unknown].type = PieceType::Unknown;
    vocabulary.bos = token_id(file, "tokenizer.ggml.bos_token_id", tokens.size(), 1);
    vocabulary.eos = token_id(file, "tokenizer.ggml.eos_token_id", tokens.size(), 2);
    vocabulary.adds_bos = file.boolean("tokenizer.ggml.add_bos_token").value_or(true);
    vocabulary.adds_space = file.boolean("tokenizer.ggml.add_space_prefix").value_or(true);
    // Converters of Hugging Face vocabularies mark added tokens as user-defined, and added tokens split the text.
    vocabulary.parts_at_user_defined = true;
    vocabulary.ends = end_ids(file, vocabulary);
    vocabulary.chat_template = file.text("tokenizer.chat_template").value_or("");
    check_vocabulary(where, vocabulary);
    return vocabulary;
}

}  // namespace engine::formats::gguf
