#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/model_file.hpp"

namespace engine::formats::gguf {

bool begins_like_gguf(std::span<const std::byte> bytes);

/// A model in a GGUF file.
class Model final : public ModelFile {
public:
    explicit Model(const std::string& path) : file_(path) {}

    const std::string& path() const override { return file_.path(); }
    std::string format() const override;
    std::string name() const override;
    std::string architecture() const override;
    Hyperparameters declared_hyperparameters() const override;
    Hyperparameters hyperparameters(std::uint32_t context) const override;
    Vocabulary vocabulary() const override;
    const std::vector<TensorInfo>& tensors() const override { return file_.tensors(); }
    std::span<const std::byte> data(const TensorInfo& tensor) const override { return file_.data(tensor); }
    std::vector<std::span<const std::byte>> contents() const override { return {file_.bytes()}; }
    void check_unchanged() const override { file_.check_unchanged(); }
    std::vector<std::string> warnings() const override;

private:
    File file_;
};

}  // namespace engine::formats::gguf
