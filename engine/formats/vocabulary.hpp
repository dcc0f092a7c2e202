#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::formats {

/// The numbers are those of GGUF and of sentencepiece alike.
enum class PieceType : std::uint8_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

struct Piece {
    std::string text;  ///< UTF-8, a space spelled U+2581
    float score = 0;
    PieceType type = PieceType::Normal;
};

/// A checked BPE vocabulary: its pieces are distinct, not empty and valid UTF-8; one is the unknown piece, 256 are the
/// bytes; BOS and EOS are control pieces. No piece that plain text could spell by accident is a control, unknown or
/// byte piece, because merging never looks at those and none of them is a single character.
struct Vocabulary {
    std::vector<Piece> pieces;
    TokenId bos = 1;
    TokenId eos = 2;
    bool adds_bos = true;
    bool adds_space = true;  ///< a space is put in front of every text
    /// User-defined pieces part a text into texts of their own, each with the space in front: as Hugging Face's
    /// tokenizers and llama.cpp do with tokens that were added to a vocabulary. Otherwise sentencepiece finds them.
    bool parts_at_user_defined = false;
    std::vector<TokenId> ends;  ///< that end a generation, EOS among them
    std::string chat_template;
};

/// Throws EngineError (Input) naming `where` for a vocabulary that is damaged or of another kind than Llama 2's. Makes
/// BOS and EOS control pieces, whatever the file calls them: as normal ones, text could spell them.
void check_vocabulary(const std::string& where, Vocabulary& vocabulary);

/// For readers, before they take memory: throws EngineError (Input) for more pieces than any vocabulary has.
void check_piece_count(const std::string& where, std::size_t count);
/// The type of a number in a file. Throws EngineError (Input) for an unknown one.
PieceType piece_type(const std::string& where, std::size_t id, std::uint64_t number);

}  // namespace engine::formats
