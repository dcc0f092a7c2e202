#include "harness/ladder/kept_logits.hpp"

#include <fmt/format.h>

#include "harness/base/usage_error.hpp"

namespace harness::ladder {
namespace {

/// Returns the size; throws when it does not fit.
std::uint64_t checked_bytes(std::size_t rows, std::size_t vocab) {
    const std::uint64_t bytes = std::uint64_t{rows} * vocab * sizeof(float);
    const std::uint64_t free = base::ScratchFile::free_bytes();
    if (bytes <= free) return bytes;
    const std::uint64_t fitting = free / (vocab * sizeof(float));
    throw base::UsageError(fmt::format(
        "the reference's predictions of {} tokens need {:.1f} GB in {}, where {:.1f} GB are free: set TMPDIR "
        "to a folder with more space, or use --tokens with at most {}",
        rows, static_cast<double>(bytes) * 1e-9, base::ScratchFile::folder(), static_cast<double>(free) * 1e-9,
        fitting));
}

}  // namespace

KeptLogits::KeptLogits(std::size_t rows, std::size_t vocab) : vocab_(vocab), file_(checked_bytes(rows, vocab)) {}

void KeptLogits::put(std::size_t row, std::span<const float> logits) {
    file_.write(offset_of(row), std::as_bytes(logits));
}

void KeptLogits::get(std::size_t row, std::span<float> logits) const {
    file_.read(offset_of(row), std::as_writable_bytes(logits));
}

}  // namespace harness::ladder
