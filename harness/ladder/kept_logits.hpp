#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/scratch_file.hpp"

namespace harness::ladder {

/// Rows of logits on disk, 4 bytes each: the bits that the model gave. Rows of 32,000 take 128 kB.
class KeptLogits {
public:
    /// Throws base::UsageError when the folder for temporary files has less space than that, base::WorkError when it
    /// cannot be reserved.
    KeptLogits(std::size_t rows, std::size_t vocab);

    std::size_t vocab() const { return vocab_; }
    /// `logits`: [vocab]. Throws base::WorkError.
    void put(std::size_t row, std::span<const float> logits);
    /// May be called from any thread. Throws base::WorkError.
    void get(std::size_t row, std::span<float> logits) const;

private:
    std::uint64_t offset_of(std::size_t row) const { return std::uint64_t{row} * vocab_ * sizeof(float); }

    std::size_t vocab_;
    base::ScratchFile file_;
};

}  // namespace harness::ladder
