#include "harness/base/make_folder.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "harness/base/work_error.hpp"

namespace harness::base {

void make_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw WorkError(fmt::format("{}: the folder cannot be made: {}", path, error.message()));
}

}  // namespace harness::base
