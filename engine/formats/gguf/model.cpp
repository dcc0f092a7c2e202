#include "engine/formats/gguf/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/formats/gguf/hyperparameters.hpp"
#include "engine/formats/gguf/network_keys.hpp"
#include "engine/formats/gguf/split.hpp"
#include "engine/formats/gguf/vocabulary.hpp"
#include "engine/formats/gguf/warnings.hpp"
#include "engine/formats/mapped_file.hpp"

namespace engine::formats::gguf {

bool begins_like_gguf(std::span<const std::byte> bytes) {
    // Four bytes are enough to distinguish it from protobuf, the format of sentencepiece models.
    constexpr std::string_view kMagic = "GGUF";
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kMagic.size())) ==
           kMagic;
}

Model::Model(const std::string& path) : parts_(open_parts(path)) {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        for (const TensorInfo& tensor : parts_[part].tensors()) {
            tensors_.push_back(tensor);
            tensors_.back().part = part;
        }
    }
}

std::span<const std::byte> Model::data(const TensorInfo& tensor) const {
    return parts_.at(tensor.part).data(tensor);
}

std::vector<std::span<const std::byte>> Model::contents() const {
    std::vector<std::span<const std::byte>> pieces;
    for (const File& part : parts_) pieces.push_back(part.bytes());
    return pieces;
}

void Model::release(std::span<const std::byte> bytes) const {
    release_pages(bytes);
}

void Model::check_unchanged() const {
    for (const File& part : parts_) part.check_unchanged();
}

std::string Model::format() const {
    return fmt::format("GGUF v{}", file().version());
}

std::string Model::name() const {
    return file().text("general.name").value_or("");
}

std::string Model::architecture() const {
    return file().text("general.architecture").value_or("");
}

Descriptions Model::descriptions() const {
    Descriptions found;
    for (const auto& [key, value] : file().metadata()) {
        const auto* text = std::get_if<std::string>(&value);
        if (text != nullptr && key.starts_with("general.")) found.emplace(key, *text);
    }
    return found;
}

Hyperparameters Model::declared_hyperparameters() const {
    return gguf::declared_hyperparameters(file());
}

Hyperparameters Model::hyperparameters(std::uint32_t context) const {
    Hyperparameters found = read_hyperparameters(file());
    if (context != 0) found.context = std::min(found.context, context);
    // With the context that the user asked for: a sliding window that is at least as long changes nothing.
    check_network_keys(file(), found);
    return found;
}

Vocabulary Model::vocabulary() const {
    return read_vocabulary(file());
}

std::vector<std::string> Model::warnings() const {
    return warnings_of(file());
}

}  // namespace engine::formats::gguf
