#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
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

ExitCode show_suite(const SuitesShowOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    const auto& groups = catalog.groups();
    const auto group = groups.find(options.name);
    if (group != groups.end() && !options.json) {
        print("{} (group, profile {}, weighted by {})\n{}\n\n", group->first, group->second.profile,
              suites::to_string(group->second.weighting), group->second.description);
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
        print("{} (version {}, profile {})\n{}\n\n", task.name(), task.version(), task.profile(), task.description());
        print("source: {}\nlicence: {}\ncitation: {}\n", task.source(), task.licence(), task.citation());
        if (const std::string split = split_of(task); !split.empty()) print("split: {}\n", split);
        if (task.documents()) print("documents: {}\n", *task.documents());
        print("kind: {}\nfew-shot examples: {}\nmetrics: {}\n", suites::to_string(task.kind()), task.default_fewshot(),
              fmt::format("{}", fmt::join(metric_names(task), ", ")));
        for (const std::string& file : task.data_files()) print("data: {}\n", file);
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
