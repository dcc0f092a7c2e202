#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

struct SuitesCheckOptions {
    std::string file;                ///< empty: every built-in task
    std::vector<std::string> tasks;  ///< folders
    std::string data_dir;            ///< empty: the rows are not read
    bool json = false;
};

/// A file or a task without mistakes.
struct Right {
    std::string name;
    std::string summary;  ///< what a file defines
};

void print_right(const std::vector<Right>& all, bool as_json) {
    auto rows = nlohmann::json::array();
    for (const Right& one : all) {
        rows.push_back({{"name", one.name}, {"right", true}, {"summary", one.summary}});
        if (!as_json) print("{}: right{}{}\n", one.name, one.summary.empty() ? "" : ": ", one.summary);
    }
    if (as_json) print_json(rows);
}

/// Checks the data rows of the file's tasks. Throws SuiteError with all mistakes, one per line.
void check_rows(const suites::Catalog& catalog, const nlohmann::json& definition, const SuitesCheckOptions& options) {
    if (definition.contains("group"))
        throw base::UsageError(options.file + ": a group has no data of its own; leave --data out");
    std::vector<std::string> mistakes;
    for (const suites::Task& task : catalog.read(definition, options.file)) {
        const std::vector<std::string> found = task.check_data(options.data_dir);
        mistakes.insert(mistakes.end(), found.begin(), found.end());
    }
    if (!mistakes.empty()) throw suites::SuiteError(fmt::format("{}", fmt::join(mistakes, "\n")));
}

/// Refuses the name of a built-in task in place of a file, with a hint.
void check_is_file(const suites::Catalog& catalog, const std::string& file) {
    const std::vector<suites::Task>& tasks = catalog.tasks();
    const bool is_built_in =
        std::any_of(tasks.begin(), tasks.end(), [&file](const suites::Task& task) { return task.name() == file; });
    if (is_built_in && !std::filesystem::exists(file)) {
        throw base::UsageError(
            fmt::format("{0}: no such file; a task of that name is built in, see 'bellwether suites show {0}'", file));
    }
}

ExitCode check(const SuitesCheckOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    if (options.file.empty()) {
        std::vector<Right> all;
        for (const suites::Task& task : catalog.tasks()) all.push_back({task.name(), ""});
        print_right(all, options.json);
        return ExitCode::Done;
    }
    check_is_file(catalog, options.file);
    const nlohmann::json definition = suites::read_definition(options.file);
    const std::string right = catalog.check(definition, options.file);
    if (!options.data_dir.empty()) check_rows(catalog, definition, options);
    print_right({{options.file, right}}, options.json);
    return ExitCode::Done;
}

}  // namespace

void add_suites_check(Verb& suites) {
    Verb& verb = suites.verb("check", "Check a task or group file, or all built-in tasks");
    auto& options = verb.command(check);
    verb.argument("FILE", text_not_empty(options.file), "Task or group definition (JSON)");
    tasks_option(verb, options.tasks);
    verb.option("--data", "DIR", text_not_empty(options.data_dir), "Read the task's rows in this data folder too")
        .of_its_verb();
    json_flag(verb, options.json);
    verb.example("bellwether suites check my_task.json");
    verb.example("bellwether suites check my_task.json --data my_data");
}

}  // namespace harness::cli
