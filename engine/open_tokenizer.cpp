#include <algorithm>
#include <string_view>

#include "engine/formats/gguf.hpp"
#include "engine/language_model.hpp"
#include "engine/text/tokenizer.hpp"

namespace engine {

std::unique_ptr<Tokenizer> open_tokenizer(const std::string& path) {
    const formats::MappedFile file(path);
    const std::span<const std::byte> start = file.bytes().subspan(0, std::min<std::size_t>(4, file.bytes().size()));
    if (std::string_view(reinterpret_cast<const char*>(start.data()), start.size()) == "GGUF") {
        return text::tokenizer_from_gguf(formats::Gguf(path));
    }
    return text::tokenizer_from_model_file(path);
}

}  // namespace engine
