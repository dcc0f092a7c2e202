#include "harness/cli/task_catalog.hpp"

#include "harness/run/graders.hpp"

namespace harness::cli {

suites::Catalog task_catalog(const std::vector<std::string>& folders) {
    suites::Catalog catalog = suites::Catalog::builtin(run::all_graders());
    for (const std::string& folder : folders) catalog.add_folder(folder);
    return catalog;
}

}  // namespace harness::cli
