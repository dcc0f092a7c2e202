#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/formats/model_file.hpp"
#include "engine/language_model.hpp"

namespace engine::formats {

/// Names of the tensors of a scalar head that the file has: "cls.output.weight" and "cls.output.bias" as llama.cpp
/// writes them, or "score.weight" and "score.bias" as Hugging Face's sequence classifiers call them. Empty: none.
std::vector<std::string> scalar_head_tensors(const ModelFile& file);

/// nullopt for a file without such a head. Throws EngineError (Input) for one that is not [dim] to 1, as of a
/// classifier with several labels, and for one with a layer in front ("cls.weight").
std::optional<ScalarHead> read_scalar_head(const ModelFile& file, std::uint32_t dim);

}  // namespace engine::formats
