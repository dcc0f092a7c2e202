#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/task_summary.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct SuitesListOptions {
    std::vector<std::string> tasks;  ///< folders
    bool json = false;
};

ExitCode list_suites(const SuitesListOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    if (options.json) {
        json tasks = json::array();
        for (const suites::Task& task : catalog.tasks()) tasks.push_back(summary(task));
        for (const auto& [name, group] : catalog.groups()) tasks.push_back(summary(group));
        fmt::print("{}\n", to_line(tasks));
        return ExitCode::Done;
    }
    fmt::print("{:<40} {:>7}  {:<12} {:<9} {:>5}  {}\n", "task", "version", "profile", "kind", "shots", "description");
    for (const suites::Task& task : catalog.tasks()) {
        fmt::print("{:<40} {:>7}  {:<12} {:<9} {:>5}  {}\n", task.name(), task.version(), task.profile(),
                   suites::to_string(task.kind()), task.default_fewshot(), task.description());
    }
    fmt::print("\n{:<40} {:>7}  {:<12} {}\n", "group", "members", "profile", "description");
    for (const auto& [name, group] : catalog.groups()) {
        fmt::print("{:<40} {:>7}  {:<12} {}\n", name, group.members.size(), group.profile, group.description);
    }
    return ExitCode::Done;
}

}  // namespace

void add_suites_list(Verb& suites) {
    Verb& verb = suites.verb("list", "All tasks and groups");
    auto& options = verb.command(list_suites);
    tasks_option(verb, options.tasks);
    json_flag(verb, options.json);
    verb.example("bellwether suites list --json");
}

}  // namespace harness::cli
