// Verbs about tasks: no model is opened.

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/cli/commands.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/text.hpp"
#include "harness/download/archive.hpp"
#include "harness/download/download.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/sources.hpp"
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

/// "validation" of "boolq/validation.jsonl"; of an embedded file nothing.
std::string split_of(const suites::Task& task) {
    const std::string file = task.data_files().front();
    return file.starts_with("demo:") ? "" : file.substr(file.rfind('/') + 1, file.rfind('.') - file.rfind('/') - 1);
}

std::vector<std::string> metric_names(const suites::Task& task) {
    std::vector<std::string> names;
    for (const suites::MetricDefinition& metric : task.metrics()) names.push_back(metric.name);
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
            {"split", split_of(task)},
            {"data", task.data_files()}};
}

json summary(const suites::Group& group) {
    json members = json::array();
    for (const suites::GroupMember& member : group.members) {
        json shown = member.settings();
        shown["name"] = member.name;
        if (!member.metric.empty()) shown["metric"] = member.metric;
        members.push_back(std::move(shown));
    }
    return {{"group", group.name},
            {"profile", group.profile},
            {"description", group.description},
            {"weighting", suites::to_string(group.weighting)},
            {"members", std::move(members)}};
}

/// Brings the originals of a task or group below the data folder, where they stay; returns the folder they are in.
std::string download_originals(const std::string& name, const std::string& data_dir) {
    constexpr std::uint64_t kKib = 1024;
    const std::string folder = data_dir + "/originals";
    const std::vector<suites::SourceFile> files = suites::originals_of(name);
    std::uint64_t total = 0;
    for (const suites::SourceFile& file : files) total += file.bytes;
    std::optional<ProgressBar> bar;
    if (::isatty(STDERR_FILENO) == 1) bar.emplace(name, "KiB");
    std::uint64_t before = 0;
    std::uint64_t fresh = 0;
    for (const suites::SourceFile& file : files) {
        const std::string shown = file.data_set + "/" + file.path;
        std::optional<std::uint64_t> last;
        const auto progress = [&](std::uint64_t bytes) {
            fresh += last && bytes > *last ? bytes - *last : 0;
            last = bytes;
            if (bar) bar->update(shown, (before + bytes) / kKib, total / kKib, fresh / kKib);
        };
        try {
            const bool came = download::download(
                {.url = file.url, .bytes = file.bytes, .sha256 = file.sha256, .path = folder + "/" + shown}, {},
                progress);
            if (!bar) fmt::print(stderr, "{}: {} bytes {}\n", shown, file.bytes, came ? "downloaded" : "are there");
        } catch (const download::DownloadError& error) {
            if (file.optional) {
                fmt::print(stderr, "{}: left out: {}\n", shown, printable(error.what()));
                before += file.bytes;
                continue;
            }
            throw download::DownloadError(fmt::format(
                "{}. Files that you have already are taken with 'suites fetch {} --from FOLDER'", error.what(), name));
        }
        before += file.bytes;
    }
    bar.reset();  // its line ends before others are printed
    for (const suites::SourceFile& file : files) {
        const std::string place = folder + "/" + file.data_set;
        const std::string archive = place + "/" + file.path;
        if (!file.members.empty() && download::unpack(archive, file.members, place))
            fmt::print(stderr, "{}/{}: unpacked {}\n", file.data_set, file.path, fmt::join(file.members, ", "));
    }
    return folder;
}

}  // namespace

ExitCode run_command(const SuitesListOptions& options) {
    if (options.json) {
        json tasks = json::array();
        for (const suites::Task& task : suites::builtin_tasks()) tasks.push_back(summary(task));
        for (const auto& [name, group] : suites::Catalog::shared().groups()) tasks.push_back(summary(group));
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
    if (group != groups.end()) fmt::print("{}\n", to_line(summary(group->second)));
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
        if (const std::string split = split_of(task); !split.empty()) fmt::print("split: {}\n", split);
        if (task.documents()) fmt::print("documents: {}\n", *task.documents());
        fmt::print("kind: {}\nshots: {}\nmetrics: {}\n", suites::to_string(task.kind()), task.default_fewshot(),
                   fmt::join(metric_names(task), ", "));
        for (const std::string& file : task.data_files()) fmt::print("data: {}\n", file);
        fmt::print("\n{}\n\n", json::parse(task.definition()).dump(2));
    }
    return ExitCode::Done;
}

ExitCode run_command(const SuitesFetchOptions& options) {
    if (split_names(options.names).empty()) throw UsageError("suites fetch: name a task or group, such as arc_easy");
    for (const std::string& name : split_names(options.names)) {
        const std::string from = options.from.empty() ? download_originals(name, options.data_dir) : options.from;
        for (const std::string& line : suites::fetch_from(name, from, options.data_dir)) {
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
    const json definition = suites::read_definition(options.file);
    const std::string right = suites::Catalog::shared().check(definition, options.file);
    fmt::print("{}: right: {}\n", printable(options.file), right);
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
