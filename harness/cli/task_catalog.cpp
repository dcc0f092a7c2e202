#include "harness/cli/task_catalog.hpp"

namespace harness::cli {

const suites::Catalog& task_catalog(const std::vector<std::string>& folders) {
    suites::Catalog& catalog = suites::Catalog::shared();
    for (const std::string& folder : folders) catalog.add_folder(folder);
    return catalog;
}

}  // namespace harness::cli
