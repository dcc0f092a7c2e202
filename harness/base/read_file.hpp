#pragma once

#include <cstdint>
#include <string>

namespace harness::base {

constexpr std::uint64_t kMaxTextFile = std::uint64_t{1} << 30;  ///< larger than any log or prompt file met so far

/// The content of a file, or of a pipe up to its end. Throws UsageError for a missing file, a folder, a file without
/// read permission and one of more than `max_bytes`; WorkError when the disk fails.
std::string read_file(const std::string& path, std::uint64_t max_bytes = kMaxTextFile);

}  // namespace harness::base
