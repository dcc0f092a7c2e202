#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace engine {

/// The licence of Llama 2's weights, and of all weights that were made from them.
constexpr std::string_view kLlama2Licence = "LLAMA 2 Community License";

/// The licence of a model's weights, as far as a description of the model tells it.
struct Licence {
    std::string name = {};   ///< kLlama2Licence, or what the description states; empty: unknown
    std::string basis = {};  ///< where that is from, in ASCII: "general.license is 'llama2'"; empty: nowhere

    bool is_llama2() const { return name == kLlama2Licence; }
};

/// A model's own strings by GGUF key: "general.name", "general.license", "general.base_model.0.name".
using Descriptions = std::map<std::string, std::string, std::less<>>;

/// The first of these that tells it: a licence that is Llama 2's; a base model or source that is Llama 2, whatever
/// licence is stated, since weights made from Llama 2 stay under its licence; another stated licence; the model's name;
/// the file's name. A name alone is the weakest sign: models trained from scratch bear it too.
Licence licence_of(const Descriptions& descriptions, std::string_view file_name);

/// For models of which only a name is known, such as those of imported outputs. Unknown unless the name says Llama 2,
/// or a model made from it: Code Llama, Llama Guard 7B.
Licence licence_of_name(std::string_view name);

}  // namespace engine
