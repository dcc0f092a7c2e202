#include "suites/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/data/documents.hpp"
#include "suites/data/embedded.hpp"
#include "suites/data/json_text.hpp"
#include "suites/definition/task_definition.hpp"
#include "suites/task.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr std::size_t kSha256Digits = 64;

bool stays_inside(const std::filesystem::path& path) {
    if (path.empty() || path.is_absolute()) return false;
    return std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".." || part == "."; });
}

bool is_sha256(std::string_view text) {
    return text.size() == kSha256Digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

SourceFile source_file(const std::string& of, const json& entry) {
    try {
        SourceFile file{.data_set = of.substr(0, of.find('/')),
                        .path = entry.at("path"),
                        .url = entry.at("url"),
                        .bytes = entry.at("bytes").get<std::uint64_t>(),
                        .sha256 = entry.at("sha256"),
                        .members = entry.value("members", std::vector<std::string>()),
                        .optional = entry.value("optional", false)};
        for (const std::string& member : file.members) {
            if (!stays_inside(member)) throw SuiteError(fmt::format("the member '{}' leaves its folder", member));
        }
        if (!stays_inside(file.path)) throw SuiteError(fmt::format("the path '{}' leaves its folder", file.path));
        if (!file.url.starts_with("https://")) throw SuiteError(fmt::format("'{}' is not https", file.url));
        if (file.bytes == 0) throw SuiteError("a file of 0 bytes");
        if (!is_sha256(file.sha256)) throw SuiteError(fmt::format("'{}' is not a SHA-256", file.sha256));
        return file;
    } catch (const std::exception& error) {
        throw SuiteError(fmt::format("sources.json: {}: {}", of, data::reason(error)));
    }
}

bool covers(const PinnedSource& source, const std::string& file) {
    return file == source.of || file.starts_with(source.of + "/");
}

}  // namespace

std::vector<PinnedSource> parse_sources(std::string_view text) {
    const json whole = data::json_or_null(text);
    if (!whole.is_object()) throw SuiteError("sources.json: not a JSON object of data sets");
    std::vector<PinnedSource> sources;
    for (const auto& [of, entries] : whole.items()) {
        if (!stays_inside(of) || !entries.is_array() || entries.empty())
            throw SuiteError(fmt::format("sources.json: '{}': not a path of the cache with a list of files", of));
        PinnedSource source{.of = of, .files = {}};
        for (const json& entry : entries) source.files.push_back(source_file(of, entry));
        sources.push_back(std::move(source));
    }
    return sources;
}

const std::vector<PinnedSource>& pinned_sources() {
    static const std::vector<PinnedSource> kSources = parse_sources(data::source_files().front().content);
    return kSources;
}

std::vector<SourceFile> originals_of(const Catalog& catalog, const std::string& name,
                                     const std::optional<std::string>& data_dir) {
    const auto is_there = [&](const std::string& file) { return data_dir && data::find_file({*data_dir}, file); };
    std::vector<SourceFile> files;
    std::vector<std::string> without;
    std::set<std::string> seen;
    for (const Task& task : catalog.select(name)) {
        const std::vector<std::string>& tests = task.parsed().data.test;
        if (task.is_embedded())
            throw SuiteError(fmt::format("{}: its data is in the program; there is nothing to fetch", task.name()));
        const bool have_test = std::any_of(tests.begin(), tests.end(), is_there);
        if (!have_test && std::none_of(tests.begin(), tests.end(), data::has_original)) without.push_back(task.name());
        std::vector<std::string> wanted = task.data_files();
        std::erase_if(wanted, is_there);
        for (const PinnedSource& source : pinned_sources()) {
            if (std::none_of(wanted.begin(), wanted.end(), [&](const auto& file) { return covers(source, file); }))
                continue;
            for (const SourceFile& file : source.files) {
                if (seen.insert(file.data_set + "/" + file.path).second) files.push_back(file);
            }
        }
    }
    if (!without.empty())
        throw SuiteError(fmt::format(
            "{}: no address is known for the originals of {}; get the files yourself and give their folder with "
            "--from. Nothing was downloaded",
            name, fmt::join(without, ", ")));
    return files;
}

}  // namespace suites
