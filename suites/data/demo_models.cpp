#include "suites/demo_models.hpp"

#include "suites/data/embedded.hpp"

namespace suites::demo {

std::span<const std::byte> demo_model(std::string_view name) {
    for (const EmbeddedFile& file : data::embedded_files()) {
        if (file.name == std::string(name) + ".gguf")
            return std::as_bytes(std::span(file.content.data(), file.content.size()));
    }
    return {};
}

std::vector<std::string> demo_model_names() {
    return {"base", "helpful", "chat"};
}

}  // namespace suites::demo
