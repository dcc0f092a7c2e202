#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::formats {

/// The numbers are those of GGUF and of sentencepiece, which are the same.
enum class PieceType : std::uint8_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

struct Piece {
    std::string text;  ///< UTF-8; a space is written as U+2581
    float score = 0;
    PieceType type = PieceType::Normal;
};

/// A checked BPE vocabulary: its pieces are distinct, not empty and valid UTF-8; one is the unknown piece and 256 are
/// bytes; BOS and EOS are control pieces. Plain text never becomes a control, unknown or byte piece by its spelling,
/// because merging ignores these pieces and none of them is a single character.
struct Vocabulary {
    std::vector<Piece> pieces;
    TokenId bos = 1;
    TokenId eos = 2;
    bool adds_bos = true;
    bool adds_space = true;  ///< encoding adds a space in front of every text
    /// User-defined pieces split a text into separately encoded texts, each with a space in front, as Hugging Face
    /// tokenizers and llama.cpp do with added tokens. If false, sentencepiece finds these pieces.
    bool parts_at_user_defined = false;
    std::vector<TokenId> ends;  ///< tokens that end a generation, including EOS
    std::string chat_template;
};

/// Throws EngineError (Input) naming `where` for a vocabulary that is damaged or of another kind than Llama 2's. Makes
/// BOS and EOS control pieces, whatever their type in the file: as normal pieces, plain text could become BOS or EOS.
void check_vocabulary(const std::string& where, Vocabulary& vocabulary);

/// For readers, before they allocate memory: throws EngineError (Input) for more pieces than any real vocabulary has.
void check_piece_count(const std::string& where, std::size_t count);
/// The piece type for a number in a file. Throws EngineError (Input) for an unknown number.
PieceType piece_type(const std::string& where, std::size_t id, std::uint64_t number);

}  // namespace engine::formats
