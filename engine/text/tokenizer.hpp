#pragma once

#include <memory>
#include <string>

#include "engine/formats/vocabulary.hpp"
#include "engine/language_model.hpp"

namespace engine::text {

/// `where`: the vocabulary's file, for error messages. Throws EngineError (Input) for a vocabulary that sentencepiece
/// rejects.
std::unique_ptr<Tokenizer> make_tokenizer(const std::string& where, formats::Vocabulary vocabulary);

}  // namespace engine::text
