#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "engine/formats/mapped_file.hpp"
#include "engine/llama/weights_plan.hpp"

namespace engine::llama {

/// File format of a model's matrices in device order; a device that imports host memory uses the file in place. A
/// header of kArrangedAlign bytes is followed by the matrices in the order of the plan, each at a multiple of
/// kArrangedAlign. The header is text: a title, a random key, the model's GMAC with this key, and the XXH3 of
/// everything after the header.
inline constexpr std::size_t kArrangedAlign = std::size_t{64}
                                              << 10;  // the largest alignment that drivers require for import

/// Path of a model's file: `folder`/<digest>.weights. The digest covers the plan, the lanes, the model file's size and
/// samples of its bytes; open() reads all of them to make sure that the file belongs to the model.
std::string arranged_path(const std::string& folder, const formats::ModelFile& model, const WeightsPlan& plan,
                          std::uint32_t lanes);

class ArrangedWeights {
public:
    /// Opens a file; nullopt when it is absent, incomplete, damaged, or of another model.
    static std::optional<ArrangedWeights> open(const std::string& path, const WeightsPlan& plan,
                                               const formats::ModelFile& model);

    /// Writes one matrix in device order into `bytes`.
    using Arrange = std::function<void(const MatrixPlan& matrix, std::span<std::byte> bytes)>;

    /// Writes the file under a temporary name and renames it. Throws EngineError (Input) when it cannot be written.
    static void write(const std::string& path, const WeightsPlan& plan, const formats::ModelFile& model,
                      const Arrange& arrange);

    /// Bytes of a matrix, by its index in WeightsPlan::matrices(). The memory is readable up to the next multiple of
    /// kArrangedAlign.
    std::span<const std::byte> matrix(std::size_t index) const;
    /// Throws EngineError (Device) when the file was changed since it was opened.
    void check_unchanged() const { file_.check(); }

private:
    ArrangedWeights(formats::MappedFile file, std::vector<std::span<const std::byte>> matrices)
        : file_(std::move(file)), matrices_(std::move(matrices)) {}

    formats::MappedFile file_;
    std::vector<std::span<const std::byte>> matrices_;
};

}  // namespace engine::llama
