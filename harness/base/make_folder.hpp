#pragma once

#include <string>

namespace harness::base {

/// Makes a folder and those above it, unless it is there. Throws WorkError.
void make_folder(const std::string& path);

}  // namespace harness::base
