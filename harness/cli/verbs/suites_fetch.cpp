#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/download/archive.hpp"
#include "harness/download/download.hpp"
#include "suites/fetch.hpp"
#include "suites/sources.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

struct SuitesFetchOptions {
    std::string names;
    std::vector<std::string> tasks;  ///< folders
    std::string from;                ///< empty: the originals are downloaded
    std::string data_dir;
    bool replace = false;  ///< replace existing files
    bool json = false;
};

std::vector<std::string> split_names(const std::string& list) {
    std::vector<std::string> names = suites::split_at_commas(list);
    std::erase(names, "");
    return names;
}

/// Downloads the original files of a task or group to a folder below the data folder, where they stay; returns that
/// folder.
std::string download_originals(const suites::Catalog& catalog, const SuitesFetchOptions& options,
                               const std::string& name) {
    constexpr std::uint64_t kKib = 1024;
    std::string folder = options.data_dir + "/originals";
    const std::vector<suites::SourceFile> files =
        suites::originals_of(catalog, name, options.replace ? std::nullopt : std::optional(options.data_dir));
    std::filesystem::create_directories(folder);  // in case nothing has to be downloaded
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
            const bool came = download::download({.url = file.url,
                                                  .bytes = file.bytes,
                                                  .sha256 = file.sha256,
                                                  .path = fmt::format("{}/{}", folder, shown)},
                                                 {}, progress);
            if (!bar) print_error("{}: {} bytes {}\n", shown, file.bytes, came ? "downloaded" : "are there");
        } catch (const download::DownloadError& error) {
            if (file.optional) {
                print_error("{}: left out: {}\n", shown, error.what());
                before += file.bytes;
                continue;
            }
            throw download::DownloadError(fmt::format(
                "{}. Files that you have already are taken with 'suites fetch {} --from FOLDER'", error.what(), name));
        }
        before += file.bytes;
    }
    bar.reset();  // ends its line before others are printed
    for (const suites::SourceFile& file : files) {
        const std::string place = folder + "/" + file.data_set;
        const std::string archive = place + "/" + file.path;
        if (!file.members.empty() && download::unpack(archive, file.members, place))
            print_error("{}/{}: unpacked {}\n", file.data_set, file.path,
                        fmt::format("{}", fmt::join(file.members, ", ")));
    }
    return folder;
}

ExitCode fetch(const SuitesFetchOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    if (!options.from.empty() && !std::filesystem::is_directory(options.from))
        throw base::UsageError(options.from + ": no such folder; --from names the one with the original files");
    const std::vector<std::string> names = split_names(in_our_names(catalog, options.names));
    if (names.empty()) throw base::UsageError("suites fetch: name a task or group, such as arc_easy");
    auto fetched = nlohmann::json::array();
    for (const std::string& name : names) {
        const suites::FetchOptions from{
            .from = options.from.empty() ? download_originals(catalog, options, name) : options.from,
            .data_dir = options.data_dir,
            .existing = options.replace ? suites::ExistingFiles::Replace : suites::ExistingFiles::Keep};
        const std::vector<std::string> lines = suites::fetch_from(catalog, name, from);
        fetched.push_back({{"name", name}, {"data_dir", options.data_dir}, {"files", lines}});
        if (options.json) continue;
        for (const std::string& line : lines) print("{}\n", line);
    }
    if (options.json) print_json(fetched);
    return ExitCode::Done;
}

}  // namespace

void add_suites_fetch(Verb& suites) {
    Verb& verb = suites.verb("fetch", "Bring a data set into the data folder: download it, or convert local files");
    auto& options = verb.command(fetch);
    verb.argument("NAME", text_not_empty(options.names), "Tasks and groups, separated by commas").required();
    verb.option("--from", "DIR", text_not_empty(options.from),
                "Folder with the files in their original formats; without it they are downloaded over HTTPS "
                "(HTTPS_PROXY and NO_PROXY are obeyed) and checked by size and SHA-256");
    data_option(verb, options.data_dir).help =
        "Data folder to fill (default: $BELLWETHER_CACHE, else ~/.cache/bellwether)";
    verb.flag("--replace", truth(options.replace), "Make files again that are in the data folder already");
    tasks_option(verb, options.tasks);
    json_flag(verb, options.json);
    verb.example("bellwether suites fetch arc_easy,gsm8k");
    verb.example("bellwether suites fetch mmlu --from ~/Downloads");
}

}  // namespace harness::cli
