#include "engine/formats/model_file.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/base/sha256.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/formats/mapped_file.hpp"

namespace engine::formats {

const TensorInfo* ModelFile::find(std::string_view name) const {
    const auto found = std::find_if(tensors().begin(), tensors().end(),
                                    [name](const TensorInfo& tensor) { return tensor.name == name; });
    return found == tensors().end() ? nullptr : &*found;
}

std::string ModelFile::fingerprint() const {
    // Computed from the content, so that a renamed or moved file is the same model.
    return base::sha256_hex(contents(), [this](std::span<const std::byte> hashed) { release(hashed); });
}

Licence ModelFile::licence() const {
    return licence_of(descriptions(), std::filesystem::path(path()).filename().string());
}

std::unique_ptr<ModelFile> open_model_file(const std::string& path) {
    // The only format so far; its reader also gives the error message for files of other formats.
    return std::make_unique<gguf::Model>(path);
}

bool is_model_file(const std::string& path) {
    const MappedFile file(path);
    return gguf::begins_like_gguf(file.bytes());
}

}  // namespace engine::formats
