#include "engine/formats/sentencepiece/model.hpp"

#include <fmt/format.h>

#include <span>
#include <vector>

#include "engine/formats/mapped_file.hpp"
#include "engine/formats/printable.hpp"
#include "engine/formats/sentencepiece/proto.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::sentencepiece {
namespace {

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
// Llama 2's has 500 kB. Larger files are something else, for example weights given by mistake.
constexpr std::uint64_t kMaxModelFile = std::uint64_t{256} << 20;  // bytes

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, where + ": " + what);
}

/// Settings from the trainer and normalizer parts of a model, with sentencepiece's defaults.
struct ModelSettings {
    std::uint64_t model_type = 1;
    bool suffix_space = false;
    std::string_view bos_piece = "<s>";
    std::string_view eos_piece = "</s>";
    bool changes_text = false;
    // Protobuf omits fields with their default value.
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
        if (entry->number == field::kPieceType) piece.type = piece_type(where, id, entry->value);
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
    fail(where, fmt::format("the vocabulary has no token '{}'", printable(text)));
}

}  // namespace

Vocabulary read_model(const std::string& where, std::string_view model) {
    Vocabulary vocabulary;
    ModelSettings settings;
    ProtoReader reader(where, model);
    while (const auto entry = reader.next()) {
        switch (entry->number) {
            case field::kPieces:
                // Checked while reading, so that a malicious file cannot use up the memory.
                check_piece_count(where, vocabulary.pieces.size() + 1);
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
    check_vocabulary(where, vocabulary);
    return vocabulary;
}

Vocabulary read_model_file(const std::string& path) {
    const MappedFile file(path);
    const std::span<const std::byte> bytes = file.bytes();
    if (bytes.size() > kMaxModelFile) {
        fail(path,
             fmt::format("{} bytes are too many for a sentencepiece model; expected a GGUF file or a tokenizer.model",
                         bytes.size()));
    }
    Vocabulary vocabulary = read_model(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    // A file shortened while it was read looks like a damaged model: zeros replaced its bytes.
    file.check();
    return vocabulary;
}

std::string write_model(const Vocabulary& vocabulary) {
    const std::vector<Piece>& pieces = vocabulary.pieces;
    ProtoWriter model;
    std::size_t unknown = 0;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        if (pieces[id].type == PieceType::Unknown) unknown = id;
        ProtoWriter piece;
        piece.bytes(field::kPieceText, pieces[id].text);
        piece.real(field::kPieceScore, pieces[id].score);
        // Types after check_vocabulary(): BOS and EOS are control pieces, whatever the file says.
        piece.number(field::kPieceType, static_cast<std::uint64_t>(pieces[id].type));
        model.bytes(field::kPieces, piece.str());
    }
    ProtoWriter trainer;
    trainer.number(field::kModelType, kBpe);
    trainer.number(field::kVocabSize, pieces.size());
    // Without it, characters that are not in the vocabulary would become the unknown piece.
    trainer.number(field::kByteFallback, 1);
    trainer.number(field::kUnknownId, unknown);
    trainer.number(field::kBosId, static_cast<std::uint64_t>(vocabulary.bos));
    trainer.number(field::kEosId, static_cast<std::uint64_t>(vocabulary.eos));
    trainer.bytes(field::kUnknownPiece, pieces[unknown].text);
    trainer.bytes(field::kBosPiece, pieces[static_cast<std::size_t>(vocabulary.bos)].text);
    trainer.bytes(field::kEosPiece, pieces[static_cast<std::size_t>(vocabulary.eos)].text);
    model.bytes(field::kTrainer, trainer.str());
    ProtoWriter normalizer;
    // No normalisation: it would tokenize a different text.
    normalizer.bytes(field::kRuleName, "identity");
    // The tokenizer adds the space in front, since each part of a text may need one.
    normalizer.number(field::kDummyPrefix, 0);
    normalizer.number(field::kRemoveSpaces, 0);
    normalizer.number(field::kEscapeSpaces, 1);
    model.bytes(field::kNormalizer, normalizer.str());
    return model.str();
}

}  // namespace engine::formats::sentencepiece
