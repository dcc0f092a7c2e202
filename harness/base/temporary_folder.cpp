#include "harness/base/temporary_folder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "harness/base/work_error.hpp"

namespace harness::base {

TemporaryFolder::TemporaryFolder() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "bellwether-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
        throw WorkError(fmt::format("a temporary folder cannot be created: {}; set TMPDIR to a folder with space",
                                    error ? error.message() : std::strerror(errno)));
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace harness::base
