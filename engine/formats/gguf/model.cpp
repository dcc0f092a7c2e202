#include "engine/formats/gguf/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/formats/gguf/hyperparameters.hpp"
#include "engine/formats/gguf/network_keys.hpp"
#include "engine/formats/gguf/vocabulary.hpp"
#include "engine/formats/gguf/warnings.hpp"

namespace engine::formats::gguf {

bool begins_like_gguf(std::span<const std::byte> bytes) {
    // Four bytes are enough to tell it from protobuf, with which a sentencepiece model begins.
    constexpr std::string_view kMagic = "GGUF";
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kMagic.size())) ==
           kMagic;
}

std::string Model::format() const {
    return fmt::format("GGUF v{}", file_.version());
}

std::string Model::name() const {
    return file_.text("general.name").value_or("");
}

std::string Model::architecture() const {
    return file_.text("general.architecture").value_or("");
}

Hyperparameters Model::declared_hyperparameters() const {
    return gguf::declared_hyperparameters(file_);
}

Hyperparameters Model::hyperparameters(std::uint32_t context) const {
    Hyperparameters found = read_hyperparameters(file_);
    if (context != 0) found.context = std::min(found.context, context);
    // With the context that was asked for: a sliding window that is no shorter changes nothing.
    check_network_keys(file_, found);
    return found;
}

Vocabulary Model::vocabulary() const {
    return read_vocabulary(file_);
}

std::vector<std::string> Model::warnings() const {
    return warnings_of(file_);
}

}  // namespace engine::formats::gguf
