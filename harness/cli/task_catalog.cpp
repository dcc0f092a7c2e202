#include "harness/cli/task_catalog.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "harness/base/usage_error.hpp"
#include "harness/interchange/lm_eval_names.hpp"
#include "harness/run/graders.hpp"
#include "safety/prompts/sets.hpp"

namespace harness::cli {
namespace {

bool is_known(const suites::Catalog& catalog, const std::string& name) {
    try {
        return !catalog.select(name).empty();
    } catch (const suites::SuiteError&) {
        return false;
    }
}

}  // namespace

suites::Catalog task_catalog(const std::vector<std::string>& folders) {
    suites::Catalog catalog = suites::Catalog::builtin(run::all_graders());
    safety::prompts::add_tasks(catalog);
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

std::string in_our_names(const suites::Catalog& catalog, const std::string& comma_list) {
    std::string names;
    std::istringstream list(comma_list);
    for (std::string name; std::getline(list, name, ',');) {
        const std::string ours = interchange::task_of_lm_eval(name);
        if (!names.empty()) names += ',';
        names += ours == name || is_known(catalog, name) ? name : ours;
    }
    return names;
}

std::vector<suites::Task> select_tasks(const suites::Catalog& catalog, const std::string& comma_list) {
    return catalog.select(in_our_names(catalog, comma_list));
}

}  // namespace harness::cli
