#include "engine/text/vocabulary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <unordered_set>

#include "engine/formats/gguf.hpp"
#include "engine/formats/printable.hpp"
#include "engine/text/gguf_keys.hpp"
#include "engine/text/proto.hpp"
#include "engine/text/utf8.hpp"

namespace engine::text {
namespace {

/// Far above every sentencepiece vocabulary in use; they keep a hostile file from taking memory without end.
constexpr std::size_t kMaxPieces = std::size_t{1} << 19;
constexpr std::size_t kMaxPieceBytes = 1024;
constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

// Field numbers of sentencepiece's model format.
namespace field {
constexpr std::uint32_t kPieces = 1;
constexpr std::uint32_t kTrainer = 2;
constexpr std::uint32_t kNormalizer = 3;
constexpr std::uint32_t kDenormalizer = 5;
constexpr std::uint32_t kPieceText = 1;
constexpr std::uint32_t kPieceScore = 2;
constexpr std::uint32_t kPieceType = 3;
constexpr std::uint32_t kModelType = 3;
constexpr std::uint32_t kVocabSize = 4;
constexpr std::uint32_t kSuffixSpace = 24;
constexpr std::uint32_t kByteFallback = 35;
constexpr std::uint32_t kUnknownId = 40;
constexpr std::uint32_t kBosId = 41;
constexpr std::uint32_t kEosId = 42;
constexpr std::uint32_t kUnknownPiece = 45;
constexpr std::uint32_t kBosPiece = 46;
constexpr std::uint32_t kEosPiece = 47;
constexpr std::uint32_t kRuleName = 1;
constexpr std::uint32_t kRules = 2;
constexpr std::uint32_t kDummyPrefix = 3;
constexpr std::uint32_t kRemoveSpaces = 4;
constexpr std::uint32_t kEscapeSpaces = 5;
}  // namespace field

constexpr std::uint64_t kBpe = 2;

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, where + ": " + what);
}

std::string_view name_of(PieceType type) {
    switch (type) {
        case PieceType::Normal: return "normal";
        case PieceType::Unknown: return "unknown";
        case PieceType::Control: return "control";
        case PieceType::UserDefined: return "user-defined";
        case PieceType::Unused: return "unused";
        case PieceType::Byte: return "byte";
    }
    return "";
}

PieceType type_of(const std::string& where, std::size_t id, std::uint64_t number) {
    if (number < 1 || number > 6) fail(where, fmt::format("token {} has the unknown type {}", id, number));
    return static_cast<PieceType>(number);
}

void check_count(const std::string& where, std::size_t count) {
    if (count > kMaxPieces) fail(where, fmt::format("the vocabulary has more than {} tokens", kMaxPieces));
}

/// BOS and EOS are control pieces whatever the file says: as normal ones, text could spell them.
void make_control(const std::string& where, Vocabulary& vocabulary, TokenId id, std::string_view role) {
    PieceType& type = vocabulary.pieces[static_cast<std::size_t>(id)].type;
    if (type == PieceType::Unknown || type == PieceType::Byte) {
        fail(where, fmt::format("{} is token {}, which is of type {}", role, id, name_of(type)));
    }
    type = PieceType::Control;
}

/// <0x00> to <0xFF>.
std::string byte_spelling(unsigned byte) {
    return fmt::format("<0x{:02X}>", byte);
}

void check_piece(const std::string& where, std::size_t id, const Piece& piece) {
    if (piece.text.empty()) fail(where, fmt::format("token {} is empty", id));
    if (piece.text.size() > kMaxPieceBytes) {
        fail(where, fmt::format("token {} has {} bytes, {} are possible", id, piece.text.size(), kMaxPieceBytes));
    }
    if (!is_utf8(piece.text) || piece.text.find('\0') != std::string::npos) {
        fail(where, fmt::format("token {} is not UTF-8 text", id));
    }
    if (!std::isfinite(piece.score)) fail(where, fmt::format("token {} has the score {}", id, piece.score));
    const bool spelled_by_text =
        piece.type == PieceType::Normal || piece.type == PieceType::UserDefined || piece.type == PieceType::Unused;
    if (!spelled_by_text && character_length(piece.text) == piece.text.size()) {
        fail(where, fmt::format("token {} is of type {} but a single character, which any text may contain", id,
                                name_of(piece.type)));
    }
}

void check(const std::string& where, Vocabulary& vocabulary) {
    check_count(where, vocabulary.pieces.size());
    make_control(where, vocabulary, vocabulary.bos, "BOS");
    make_control(where, vocabulary, vocabulary.eos, "EOS");
    std::unordered_set<std::string_view> spellings;
    std::unordered_set<std::string> bytes;
    for (unsigned byte = 0; byte < 256; ++byte) bytes.insert(byte_spelling(byte));
    std::size_t unknown_pieces = 0;
    std::size_t text_bytes = 0;
    for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
        const Piece& piece = vocabulary.pieces[id];
        check_piece(where, id, piece);
        if (!spellings.insert(piece.text).second) {
            fail(where, fmt::format("token {} is spelled '{}' like one before it", id, formats::printable(piece.text)));
        }
        if (piece.type == PieceType::Unknown) ++unknown_pieces;
        if (piece.type == PieceType::Byte && bytes.erase(piece.text) == 0) {
            fail(where, fmt::format("token {} is of type byte but not spelled <0x00> to <0xFF>", id));
        }
        text_bytes += piece.text.size();
    }
    if (text_bytes > kMaxTextBytes) fail(where, fmt::format("the vocabulary has more than {} bytes", kMaxTextBytes));
    if (unknown_pieces != 1) fail(where, fmt::format("{} tokens are of type unknown, not one", unknown_pieces));
    if (!bytes.empty()) {
        fail(where, fmt::format("{} of the 256 byte tokens are missing; Llama 2 vocabularies have all", bytes.size()));
    }
}

template <class Value>
const Value& required(const formats::Gguf& file, std::string_view key, std::string_view what) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) {
        fail(file.path(), fmt::format("key {} is missing; the file has no usable tokenizer", key));
    }
    const auto* value = std::get_if<Value>(&found->second);
    if (value == nullptr) fail(file.path(), fmt::format("key {} is not {}", key, what));
    return *value;
}

TokenId token_id(const formats::Gguf& file, std::string_view key, std::size_t vocab, std::uint64_t otherwise) {
    const std::uint64_t id = file.unsigned_integer(key).value_or(otherwise);
    if (id >= vocab) fail(file.path(), fmt::format("key {} is {}, outside the vocabulary of {}", key, id, vocab));
    return static_cast<TokenId>(id);
}

/// EOS, the ends of a turn and of a message where the file has keys for them, and ChatML's end of a turn, which many
/// files have as a piece without a key for it.
std::vector<TokenId> end_ids(const formats::Gguf& file, const Vocabulary& vocabulary) {
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

Vocabulary vocabulary_of_gguf(const formats::Gguf& file) {
    const std::string& where = file.path();
    const std::string kind = file.text("tokenizer.ggml.model").value_or("");
    if (kind != "llama") {
        fail(where, fmt::format("tokenizer.ggml.model is '{}'; Llama 2 files have 'llama' (sentencepiece)",
                                formats::printable(kind)));
    }
    const auto& tokens = required<std::vector<std::string>>(file, "tokenizer.ggml.tokens", "a list of texts");
    const auto& scores = required<std::vector<double>>(file, "tokenizer.ggml.scores", "a list of floats");
    const auto& types = required<std::vector<std::int64_t>>(file, "tokenizer.ggml.token_type", "a list of integers");
    if (tokens.empty() || scores.size() != tokens.size() || types.size() != tokens.size()) {
        fail(where, fmt::format("the tokenizer has {} tokens, {} scores and {} types", tokens.size(), scores.size(),
                                types.size()));
    }
    check_keys(file);
    check_count(where, tokens.size());
    Vocabulary vocabulary;
    vocabulary.pieces.reserve(tokens.size());
    bool has_unknown = false;
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        const PieceType type = type_of(where, id, static_cast<std::uint64_t>(types[id]));
        has_unknown = has_unknown || type == PieceType::Unknown;
        vocabulary.pieces.push_back({tokens[id], static_cast<float>(scores[id]), type});
    }
    const auto unknown = static_cast<std::size_t>(token_id(file, "tokenizer.ggml.unknown_token_id", tokens.size(), 0));
    if (!has_unknown) vocabulary.pieces[unknown].type = PieceType::Unknown;
    vocabulary.bos = token_id(file, "tokenizer.ggml.bos_token_id", tokens.size(), 1);
    vocabulary.eos = token_id(file, "tokenizer.ggml.eos_token_id", tokens.size(), 2);
    vocabulary.adds_bos = file.boolean("tokenizer.ggml.add_bos_token").value_or(true);
    vocabulary.adds_space = file.boolean("tokenizer.ggml.add_space_prefix").value_or(true);
    vocabulary.parts_at_user_defined = true;
    vocabulary.ends = end_ids(file, vocabulary);
    vocabulary.chat_template = file.text("tokenizer.chat_template").value_or("");
    check(where, vocabulary);
    return vocabulary;
}

namespace {

/// What the trainer's and the normalizer's part of a model say, with sentencepiece's own defaults.
struct ModelSettings {
    std::uint64_t model_type = 1;
    bool suffix_space = false;
    std::string_view bos_piece = "<s>";
    std::string_view eos_piece = "</s>";
    bool changes_text = false;
    bool dummy_prefix = true;
    bool remove_spaces = true;
    bool escape_spaces = true;
};

Piece read_piece(const std::string& where, std::size_t id, std::string_view message) {
    Piece piece;
    ProtoReader reader(where, message);
    while (const auto entry = reader.next()) {
        if (entry->number == field::kPieceText) piece.text = entry->bytes;
        if (entry->number == field::kPieceScore) piece.score = entry->real;
        if (entry->number == field::kPieceType) piece.type = type_of(where, id, entry->value);
    }
    return piece;
}

void read_trainer(const std::string& where, std::string_view message, ModelSettings& settings) {
    ProtoReader reader(where, message);
    while (const auto entry = reader.next()) {
        if (entry->number == field::kModelType) settings.model_type = entry->value;
        if (entry->number == field::kSuffixSpace) settings.suffix_space = entry->value != 0;
        if (entry->number == field::kBosPiece) settings.bos_piece = entry->bytes;
        if (entry->number == field::kEosPiece) settings.eos_piece = entry->bytes;
    }
}

void read_normalizer(const std::string& where, std::string_view message, ModelSettings& settings) {
    ProtoReader reader(where, message);
    while (const auto entry = reader.next()) {
        if (entry->number == field::kRules && !entry->bytes.empty()) settings.changes_text = true;
        if (entry->number == field::kDummyPrefix) settings.dummy_prefix = entry->value != 0;
        if (entry->number == field::kRemoveSpaces) settings.remove_spaces = entry->value != 0;
        if (entry->number == field::kEscapeSpaces) settings.escape_spaces = entry->value != 0;
    }
}

TokenId find(const std::string& where, const std::vector<Piece>& pieces, std::string_view text) {
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        if (pieces[id].text == text) return static_cast<TokenId>(id);
    }
    fail(where, fmt::format("the vocabulary has no token '{}'", formats::printable(text)));
}

}  // namespace

Vocabulary vocabulary_of_model(const std::string& where, std::string_view model) {
    Vocabulary vocabulary;
    ModelSettings settings;
    ProtoReader reader(where, model);
    while (const auto entry = reader.next()) {
        switch (entry->number) {
            case field::kPieces:
                check_count(where, vocabulary.pieces.size() + 1);
                vocabulary.pieces.push_back(read_piece(where, vocabulary.pieces.size(), entry->bytes));
                break;
            case field::kTrainer: read_trainer(where, entry->bytes, settings); break;
            case field::kNormalizer: read_normalizer(where, entry->bytes, settings); break;
            case field::kDenormalizer: settings.changes_text = settings.changes_text || !entry->bytes.empty(); break;
            default: break;
        }
    }
    if (vocabulary.pieces.empty()) fail(where, "not a sentencepiece model: it has no pieces");
    if (settings.model_type != kBpe) {
        fail(where,
             fmt::format("a sentencepiece model of type {}; Llama 2 has type {} (BPE)", settings.model_type, kBpe));
    }
    if (settings.changes_text || settings.remove_spaces || !settings.escape_spaces || settings.suffix_space) {
        fail(where, "this sentencepiece model rewrites text before it tokenizes; Llama 2's keeps it as it is");
    }
    vocabulary.bos = find(where, vocabulary.pieces, settings.bos_piece);
    vocabulary.eos = find(where, vocabulary.pieces, settings.eos_piece);
    vocabulary.adds_space = settings.dummy_prefix;
    vocabulary.ends = {vocabulary.eos};
    check(where, vocabulary);
    return vocabulary;
}

std::string Vocabulary::sentencepiece_model() const {
    ProtoWriter model;
    std::size_t unknown = 0;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        if (pieces[id].type == PieceType::Unknown) unknown = id;
        ProtoWriter piece;
        piece.bytes(field::kPieceText, pieces[id].text);
        piece.real(field::kPieceScore, pieces[id].score);
        piece.number(field::kPieceType, static_cast<std::uint64_t>(pieces[id].type));
        model.bytes(field::kPieces, piece.str());
    }
    ProtoWriter trainer;
    trainer.number(field::kModelType, kBpe);
    trainer.number(field::kVocabSize, pieces.size());
    trainer.number(field::kByteFallback, 1);
    trainer.number(field::kUnknownId, unknown);
    trainer.number(field::kBosId, static_cast<std::uint64_t>(bos));
    trainer.number(field::kEosId, static_cast<std::uint64_t>(eos));
    trainer.bytes(field::kUnknownPiece, pieces[unknown].text);
    trainer.bytes(field::kBosPiece, pieces[static_cast<std::size_t>(bos)].text);
    trainer.bytes(field::kEosPiece, pieces[static_cast<std::size_t>(eos)].text);
    model.bytes(field::kTrainer, trainer.str());
    ProtoWriter normalizer;
    normalizer.bytes(field::kRuleName, "identity");
    normalizer.number(field::kDummyPrefix, 0);
    normalizer.number(field::kRemoveSpaces, 0);
    normalizer.number(field::kEscapeSpaces, 1);
    model.bytes(field::kNormalizer, normalizer.str());
    return model.str();
}

}  // namespace engine::text
