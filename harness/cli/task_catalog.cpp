#include "harness/cli/task_catalog.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "harness/base/usage_error.hpp"
#include "harness/run/graders.hpp"

namespace harness::cli {

suites::Catalog task_catalog(const std::vector<std::string>& folders) {
    suites::Catalog catalog = suites::Catalog::builtin(run::all_graders());
    for (const std::string& folder : folders) {
        if (!std::filesystem::is_directory(folder)) {
            throw base::UsageError(fmt::format(
                "--tasks: '{}' is not a folder; --tasks names a folder with task files, --suite the tasks to run",
                folder));
        }
        catalog.add_folder(folder);
    }
    return catalog;
}

}  // namespace harness::cli
