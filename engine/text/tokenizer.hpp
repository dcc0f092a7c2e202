#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/formats/vocabulary.hpp"
#include "engine/language_model.hpp"

namespace engine::text {

/// `where`: the vocabulary's file, for error messages. Throws EngineError (Input) for a vocabulary that sentencepiece
/// rejects.
std::unique_ptr<Tokenizer> make_tokenizer(const std::string& where, formats::Vocabulary vocabulary);

/// Throws EngineError (Input) unless there is one piece for each of the `rows` of the embedding table: otherwise some
/// ids had no row, or some rows no text. `where`: the model's file.
void check_pieces(const std::string& where, const Tokenizer& tokenizer, std::uint32_t rows);

}  // namespace engine::text
