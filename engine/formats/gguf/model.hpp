#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/model_file.hpp"

namespace engine::formats::gguf {

bool begins_like_gguf(std::span<const std::byte> bytes);

/// A model in one GGUF file or in several parts (gguf-split); the path may name any part.
class Model final : public ModelFile {
public:
    explicit Model(const std::string& path);

    const std::string& path() const override { return file().path(); }
    std::string format() const override;
    std::string name() const override;
    std::string architecture() const override;
    Descriptions descriptions() const override;
    Hyperparameters declared_hyperparameters() const override;
    Hyperparameters hyperparameters(std::uint32_t context) const override;
    Vocabulary vocabulary() const override;
    const std::vector<TensorInfo>& tensors() const override { return tensors_; }
    std::span<const std::byte> data(const TensorInfo& tensor) const override;
    std::vector<std::span<const std::byte>> contents() const override;
    void release(std::span<const std::byte> bytes) const override;
    void check_unchanged() const override;
    std::vector<std::string> warnings() const override;

private:
    /// The part that holds the metadata.
    const File& file() const { return parts_.front(); }

    std::vector<File> parts_;
    std::vector<TensorInfo> tensors_;  // of all parts
};

}  // namespace engine::formats::gguf
