#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::formats {
class Gguf;
}

namespace engine::text {

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

    /// The same as a serialised sentencepiece model, which puts no space in front of a text: the caller does.
    std::string sentencepiece_model() const;
};

/// Both throw EngineError (Input) for a vocabulary that is damaged or of another kind.
Vocabulary vocabulary_of_gguf(const formats::Gguf& file);
Vocabulary vocabulary_of_model(const std::string& where, std::string_view model);

}  // namespace engine::text
