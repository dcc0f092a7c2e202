#pragma once

#include <cstdint>
#include <string>

namespace harness::base {

constexpr std::uint64_t kMaxTextFile = std::uint64_t{1} << 30;  ///< larger than any log or prompt file met so far

/// The whole file, or all that a pipe sends. Throws UsageError for a missing file, a folder, one that may not be read
/// and one of more than `max_bytes`; WorkError when the disk fails.
std::string read_file(const std::string& path, std::uint64_t max_bytes = kMaxTextFile);

}  // namespace harness::base
