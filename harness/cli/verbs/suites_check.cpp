#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

struct SuitesCheckOptions {
    std::string file;                ///< empty: every built-in task
    std::vector<std::string> tasks;  ///< folders
};

ExitCode check(const SuitesCheckOptions& options) {
    const suites::Catalog& catalog = task_catalog(options.tasks);
    if (options.file.empty()) {
        for (const suites::Task& task : catalog.tasks()) fmt::print("{}: right\n", task.name());
        return ExitCode::Done;
    }
    const nlohmann::json definition = suites::read_definition(options.file);
    const std::string right = catalog.check(definition, options.file);
    fmt::print("{}: right: {}\n", printable(options.file), right);
    return ExitCode::Done;
}

}  // namespace

void add_suites_check(Verb& suites) {
    Verb& verb = suites.verb("check", "Check a task or group file, or all built-in tasks");
    auto& options = verb.command(check);
    verb.argument("FILE", text_not_empty(options.file), "Task or group definition (JSON)");
    tasks_option(verb, options.tasks);
    verb.example("bellwether suites check my_task.json");
}

}  // namespace harness::cli
