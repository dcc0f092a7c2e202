#pragma once

#include <string>
#include <vector>

namespace engine {

/// What a model file holds that is not used, and what in it looks like a mistake: sentences for people, as in
/// ModelCard::warnings. Throws EngineError (Input) for what is no GGUF file.
std::vector<std::string> model_warnings(const std::string& path);

}  // namespace engine
