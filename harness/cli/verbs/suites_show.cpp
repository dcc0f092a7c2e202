#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
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

struct SuitesShowOptions {
    std::string name;
    std::vector<std::string> tasks;  ///< folders
    bool json = false;
};

void print_about(const suites::Task& task) {
    print_paragraph(fmt::format("{} (version {}, profile {})", task.name(), task.version(), task.profile()));
    print_paragraph(task.description());
    print("\n");
    std::vector<std::string> lines = {"source: " + task.source(), "licence: " + task.licence(),
                                      "citation: " + task.citation()};
    if (const std::string split = split_of(task); !split.empty()) lines.push_back("split: " + split);
    if (task.documents()) lines.push_back(fmt::format("documents: {}", *task.documents()));
    lines.push_back(fmt::format("kind: {}", suites::to_string(task.kind())));
    lines.push_back(fmt::format("few-shot examples: {}", task.default_fewshot()));
    lines.push_back(fmt::format("metrics: {}", fmt::join(metric_names(task), ", ")));
    for (const std::string& file : task.data_files()) lines.push_back("data: " + file);
    for (const std::string& line : lines) print_paragraph(line);
}

ExitCode show_suite(const SuitesShowOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    const auto& groups = catalog.groups();
    const auto group = groups.find(options.name);
    if (group != groups.end() && !options.json) {
        print_paragraph(fmt::format("{} (group, profile {}, weighted by {})", group->first, group->second.profile,
                                    suites::to_string(group->second.weighting)));
        print_paragraph(group->second.description);
        print("\n");
        for (const suites::GroupMember& member : group->second.members) {
            const json settings = member.settings();
            print("{}{}{}\n", member.name, member.metric.empty() ? "" : ", " + member.metric,
                  settings.empty() ? "" : " " + settings.dump());
        }
        return ExitCode::Done;
    }
    if (group != groups.end()) print_json(summary(group->second));
    for (const suites::Task& task : select_tasks(catalog, options.name)) {
        if (options.json) {
            json shown = summary(task);
            shown["definition"] = base::json_or_null(task.definition());
            print_json(shown);
            continue;
        }
        print_about(task);
        print("\n{}\n\n", Block{base::json_or_null(task.definition()).dump(2)});
    }
    return ExitCode::Done;
}

}  // namespace

void add_suites_show(Verb& suites) {
    Verb& verb = suites.verb("show", "Definition, data files, source and licence of tasks");
    auto& options = verb.command(show_suite);
    verb.argument("NAME", text_not_empty(options.name), "Tasks and groups, separated by commas").required();
    tasks_option(verb, options.tasks);
    json_flag(verb, options.json);
    verb.example("bellwether suites show arc_easy");
}

}  // namespace harness::cli
