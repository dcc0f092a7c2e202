// Verbs about tasks: no model is opened.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/cli/commands.hpp"
#include "harness/cli/text.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

std::vector<std::string> split_names(const std::string& list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        if (comma > at) names.push_back(list.substr(at, comma - at));
        at = comma + 1;
    }
    return names;
}

json summary(const suites::Task& task) {
    json metrics = json::array();
    for (const suites::MetricDefinition& metric : task.metrics()) {
        metrics.push_back({{"name", metric.name}, {"higher_is_better", metric.higher_is_better}});
    }
    return {{"task", task.name()},
            {"version", task.version()},
            {"profile", task.profile()},
            {"kind", suites::to_string(task.kind())},
            {"fewshot", task.default_fewshot()},
            {"description", task.description()},
            {"metrics", std::move(metrics)},
            {"source", task.source()},
            {"licence", task.licence()},
            {"citation", task.citation()},
            {"data", task.data_files()}};
}

}  // namespace

ExitCode run_command(const SuitesListOptions& options) {
    if (options.json) {
        json tasks = json::array();
        for (const suites::Task& task : suites::builtin_tasks()) tasks.push_back(summary(task));
        fmt::print("{}\n", to_line(tasks));
        return ExitCode::Done;
    }
    fmt::print("{:<40} {:>7}  {:<12} {:<9} {:>5}  {}\n", "task", "version", "profile", "kind", "shots", "description");
    for (const suites::Task& task : suites::builtin_tasks()) {
        fmt::print("{:<40} {:>7}  {:<12} {:<9} {:>5}  {}\n", task.name(), task.version(), task.profile(),
                   suites::to_string(task.kind()), task.default_fewshot(), task.description());
    }
    fmt::print("\n{:<40} {:>7}  {:<12} {}\n", "group", "members", "profile", "description");
    for (const auto& [name, group] : suites::Catalog::shared().groups()) {
        fmt::print("{:<40} {:>7}  {:<12} {}\n", name, group.members.size(), group.profile, group.description);
    }
    return ExitCode::Done;
}

ExitCode run_command(const SuitesShowOptions& options) {
    const auto& groups = suites::Catalog::shared().groups();
    const auto group = groups.find(options.name);
    if (group != groups.end() && !options.json) {
        fmt::print("{} (group, profile {}, weighted by {})\n{}\n\n", group->first, group->second.profile,
                   suites::to_string(group->second.weighting), group->second.description);
        for (const suites::GroupMember& member : group->second.members) {
            const json settings = member.settings();
            fmt::print("{}{}{}\n", member.name, member.metric.empty() ? "" : ", " + member.metric,
                       settings.empty() ? "" : " " + settings.dump());
        }
        return ExitCode::Done;
    }
    for (const suites::Task& task : suites::select_tasks(options.name)) {
        if (options.json) {
            json shown = summary(task);
            shown["definition"] = json::parse(task.definition());
            fmt::print("{}\n", to_line(shown));
            continue;
        }
        fmt::print("{} (version {}, profile {})\n{}\n\n", task.name(), task.version(), task.profile(),
                   task.description());
        fmt::print("source: {}\nlicence: {}\ncitation: {}\n", task.source(), task.licence(), task.citation());
        if (task.documents()) fmt::print("documents: {}\n", *task.documents());
        for (const std::string& file : task.data_files()) fmt::print("data: {}\n", file);
        fmt::print("\n{}\n\n", json::parse(task.definition()).dump(2));
    }
    return ExitCode::Done;
}

ExitCode run_command(const SuitesFetchOptions& options) {
    for (const std::string& name : split_names(options.names)) {
        for (const std::string& line : suites::fetch_from(name, options.from, options.data_dir)) {
            fmt::print("{}\n", printable(line));
        }
    }
    return ExitCode::Done;
}

ExitCode run_command(const SuitesCheckOptions& options) {
    if (options.file.empty()) {
        for (const suites::Task& task : suites::builtin_tasks()) fmt::print("{}: right\n", task.name());
        return ExitCode::Done;
    }
    const json definition = suites::parse_definition(read_file(options.file), options.file);
    try {
        fmt::print("{}: right: {}\n", options.file, suites::Catalog::shared().check(definition, options.file));
    } catch (const suites::SuiteError& error) {
        fmt::print(stderr, "bellwether: {}\n", printable(error.what()));
        return ExitCode::CheckFailed;
    }
    return ExitCode::Done;
}

ExitCode run_command(const SuitesRenderOptions& options) {
    for (const suites::Task& task : suites::select_tasks(options.name)) {
        const std::vector<suites::Item> items =
            task.render(options.data_dir, {.fewshot = options.fewshot, .limit = options.limit, .seed = options.seed});
        for (const suites::Item& item : items) {
            for (const suites::Request& request : item.requests) {
                if (options.jsonl) {
                    fmt::print("{}\n", to_line({{"task", task.name()},
                                                {"doc", item.doc},
                                                {"kind", suites::to_string(request.kind)},
                                                {"context", request.context},
                                                {"continuation", request.continuation},
                                                {"until", request.until},
                                                {"target", item.target}}));
                    continue;
                }
                fmt::print("--- {} {} ({}), target {}\n{}", task.name(), item.doc, suites::to_string(request.kind),
                           printable(item.target), printable(request.context));
                fmt::print("{}\n",
                           request.continuation.empty() ? "" : " >>>" + printable(request.continuation) + "<<<");
            }
        }
    }
    return ExitCode::Done;
}

}  // namespace harness::cli
