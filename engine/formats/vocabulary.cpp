#include "engine/formats/vocabulary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <unordered_set>

#include "engine/formats/printable.hpp"
#include "engine/formats/utf8.hpp"

namespace engine::formats {
namespace {

/// Limits far above every sentencepiece vocabulary in use, against malicious files that would use up the memory.
constexpr std::size_t kMaxPieces = std::size_t{1} << 19;
constexpr std::size_t kMaxPieceBytes = 1024;
constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

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

/// Makes BOS or EOS a control piece whatever the file says: as a normal piece, plain text could become it.
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
        fail(where, fmt::format("token {} has {} bytes, maximum {}", id, piece.text.size(), kMaxPieceBytes));
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

}  // namespace

PieceType piece_type(const std::string& where, std::size_t id, std::uint64_t number) {
    if (number < 1 || number > 6) fail(where, fmt::format("token {} has the unknown type {}", id, number));
    return static_cast<PieceType>(number);
}

void check_piece_count(const std::string& where, std::size_t count) {
    if (count > kMaxPieces) fail(where, fmt::format("the vocabulary has more than {} tokens", kMaxPieces));
}

void check_vocabulary(const std::string& where, Vocabulary& vocabulary) {
    check_piece_count(where, vocabulary.pieces.size());
    make_control(where, vocabulary, vocabulary.bos, "BOS");
    make_control(where, vocabulary, vocabulary.eos, "EOS");
    // sentencepiece refuses duplicates too, but without saying which.
    std::unordered_set<std::string_view> spellings;
    // Byte pieces encode characters that the vocabulary lacks; if one were missing, some texts could not be encoded.
    std::unordered_set<std::string> bytes;
    for (unsigned byte = 0; byte < 256; ++byte) bytes.insert(byte_spelling(byte));
    std::size_t unknown_pieces = 0;
    std::size_t text_bytes = 0;
    for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
        const Piece& piece = vocabulary.pieces[id];
        check_piece(where, id, piece);
        if (!spellings.insert(piece.text).second) {
            fail(where,
                 fmt::format("token {} duplicates the spelling '{}' of an earlier token", id, printable(piece.text)));
        }
        if (piece.type == PieceType::Unknown) ++unknown_pieces;
        if (piece.type == PieceType::Byte && bytes.erase(piece.text) == 0) {
            fail(where, fmt::format("token {} is of type byte but not spelled <0x00> to <0xFF>", id));
        }
        text_bytes += piece.text.size();
    }
    if (text_bytes > kMaxTextBytes) fail(where, fmt::format("the vocabulary has more than {} bytes", kMaxTextBytes));
    if (unknown_pieces != 1) fail(where, fmt::format("{} tokens are of type unknown, expected 1", unknown_pieces));
    if (!bytes.empty()) {
        fail(where, fmt::format("{} of the 256 byte tokens are missing; Llama 2 vocabularies have all", bytes.size()));
    }
}

}  // namespace engine::formats
