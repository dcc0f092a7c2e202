#pragma once

#include <cstdint>
#include <string>

namespace harness::cli {

/// "1.2 GiB", "340 KiB", "12 B".
std::string human_bytes(std::uint64_t bytes);

}  // namespace harness::cli
