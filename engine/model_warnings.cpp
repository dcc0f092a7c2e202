#include "engine/model_warnings.hpp"

#include "engine/formats/gguf.hpp"
#include "engine/llama/warnings.hpp"
#include "engine/text/gguf_keys.hpp"

namespace engine {

std::vector<std::string> model_warnings(const std::string& path) {
    return llama::warnings_of(formats::Gguf(path), text::is_known_key);
}

}  // namespace engine
