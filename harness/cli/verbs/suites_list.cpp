#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/task_summary.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;

constexpr std::size_t kPlainColumns = 100;
constexpr std::size_t kMinFamily = 4;  // fewer tasks of one kind are listed one by one

struct SuitesListOptions {
    std::vector<std::string> filters;
    std::vector<std::string> tasks;  ///< folders
    bool all = false;
    bool json = false;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// True where every filter is a part of the name or of the description, whatever the case.
bool matches(const SuitesListOptions& options, const std::string& name, const std::string& description) {
    const std::string text = lower(name + "\n" + description);
    return std::all_of(options.filters.begin(), options.filters.end(),
                       [&text](const std::string& filter) { return text.find(lower(filter)) != std::string::npos; });
}

/// "mmlu" of "mmlu_anatomy"; of "paper_mmlu_anatomy" "paper_mmlu".
std::string family_of(const suites::Task& task) {
    const std::string& name = task.name();
    const std::size_t start = name.starts_with("paper_") ? 6 : 0;
    return name.substr(0, name.find('_', start));
}

/// Tasks that one line stands for.
bool are_alike(const suites::Task& a, const suites::Task& b) {
    return family_of(a) == family_of(b) && a.kind() == b.kind() && a.profile() == b.profile() &&
           a.version() == b.version() && a.default_fewshot() == b.default_fewshot();
}

std::vector<std::string> row_of(const suites::Task& task, std::size_t count) {
    const bool is_family = count > 1;
    return {is_family ? fmt::format("{}_* ({} tasks)", family_of(task), count) : task.name(),
            std::to_string(task.version()),
            task.profile(),
            std::string(suites::to_string(task.kind())),
            std::to_string(task.default_fewshot()),
            is_family ? fmt::format("such as {}: {}", task.name(), task.description()) : task.description()};
}

Table task_table(const std::vector<suites::Task>& tasks, const SuitesListOptions& options) {
    Table table = table_of({{"task", Column::Key},
                            {"version", Column::Number},
                            {"profile", Column::Key},
                            {"kind", Column::Key},
                            {"few-shot", Column::Number},
                            {"description", Column::Text}});
    std::vector<const suites::Task*> shown;
    for (const suites::Task& task : tasks) {
        if (matches(options, task.name(), task.description())) shown.push_back(&task);
    }
    const bool folds = options.filters.empty() && !options.all;
    for (std::size_t first = 0; first < shown.size();) {
        std::size_t end = first + 1;
        while (end < shown.size() && are_alike(*shown[first], *shown[end])) ++end;
        if (folds && end - first >= kMinFamily) {
            table.rows.push_back(row_of(*shown[first], end - first));
        } else {
            for (std::size_t i = first; i < end; ++i) table.rows.push_back(row_of(*shown[i], 1));
        }
        first = end;
    }
    return table;
}

Table group_table(const suites::Catalog& catalog, const SuitesListOptions& options) {
    Table table = table_of(
        {{"group", Column::Key}, {"members", Column::Number}, {"profile", Column::Key}, {"description", Column::Text}});
    for (const auto& [name, group] : catalog.groups()) {
        if (!matches(options, name, group.description)) continue;
        table.rows.push_back({name, std::to_string(group.members.size()), group.profile, group.description});
    }
    return table;
}

ExitCode list_suites(const SuitesListOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    if (options.json) {
        json shown = json::array();
        for (const suites::Task& task : catalog.tasks()) {
            if (matches(options, task.name(), task.description())) shown.push_back(summary(task));
        }
        for (const auto& [name, group] : catalog.groups()) {
            if (matches(options, name, group.description)) shown.push_back(summary(group));
        }
        print_json(shown);
        return ExitCode::Done;
    }
    const Table tasks = task_table(catalog.tasks(), options);
    const Table groups = group_table(catalog, options);
    if (tasks.rows.empty() && groups.rows.empty())
        throw base::UsageError("no task or group matches; 'suites list' without a filter lists them all");
    if (!tasks.rows.empty()) print_table(tasks, kPlainColumns);
    if (!tasks.rows.empty() && !groups.rows.empty()) print("\n");
    if (!groups.rows.empty()) print_table(groups, kPlainColumns);
    return ExitCode::Done;
}

}  // namespace

void add_suites_list(Verb& suites) {
    Verb& verb = suites.verb("list", "All tasks and groups");
    auto& options = verb.command(list_suites);
    verb.arguments("FILTER", texts(options.filters), "Only names and descriptions that contain this");
    verb.flag("--all", truth(options.all), "Every task on a line of its own");
    tasks_option(verb, options.tasks);
    json_flag(verb, options.json);
    verb.example("bellwether suites list mmlu");
    verb.example("bellwether suites list --json");
}

}  // namespace harness::cli
