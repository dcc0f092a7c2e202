#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "engine/formats/mapped_file.hpp"
#include "engine/llama/weights_plan.hpp"

namespace engine::llama {

/// A file of a model's matrices in device order, which a device that imports host memory uses where it lies. It has a
/// head of kArrangedAlign bytes and then the matrices in the order of the plan, each at a multiple of kArrangedAlign.
/// The head is text: a title, the SHA-256 of the model file, the XXH3 of all after the head.
inline constexpr std::size_t kArrangedAlign = std::size_t{64}
                                              << 10;  // the largest that drivers ask of what they import

/// Which file belongs to a model: `folder`/<digest>.weights, by the plan, the lanes, the model file's size and samples
/// of its bytes. Whether the file is of this very model its head tells.
std::string arranged_path(const std::string& folder, const formats::ModelFile& model, const WeightsPlan& plan,
                          std::uint32_t lanes);

class ArrangedWeights {
public:
    /// Nothing when there is no such file or it is not whole, damaged or of another model than that of `fingerprint`
    /// (its SHA-256).
    static std::optional<ArrangedWeights> open(const std::string& path, const WeightsPlan& plan,
                                               const std::function<std::string()>& fingerprint);

    /// Puts one matrix into device order: all of its bytes.
    using Arrange = std::function<void(const MatrixPlan& matrix, std::span<std::byte> bytes)>;

    /// Writes such a file. It appears under its name when it is whole. Throws EngineError (Input) when it cannot be
    /// written.
    static void write(const std::string& path, const WeightsPlan& plan, const std::string& fingerprint,
                      const Arrange& arrange);

    /// Of the plan's matrices, counted through its stacks. As many bytes as the plan says, and what follows them up to
    /// the next multiple of kArrangedAlign may be read too.
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
