#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/catalog.hpp"

/// Public addresses of the data sets' original files: suites/sources.json. Nothing here opens a connection.
namespace suites {

/// One original file with its address and checksum.
struct SourceFile {
    std::string data_set;  ///< first part of its paths in the cache, such as "arc"
    std::string path;      ///< path for `fetch_from`, below a folder for the data set
    std::string url;       ///< https
    std::uint64_t bytes = 0;
    std::string sha256;                     ///< 64 lower-case hexadecimal digits
    std::vector<std::string> members = {};  ///< for an archive: paths of the needed files in it
    bool optional = false;                  ///< the other files are useful without it
};

/// Original files of one file or folder of the cache.
struct PinnedSource {
    std::string of;  ///< path in the cache: "arc/ARC-Easy", "hellaswag/abstainqa.jsonl"
    std::vector<SourceFile> files;
};

/// Parses sources.json: {"PATH IN THE CACHE": [{"path", "url", "bytes", "sha256"}]}, with "members" for an archive and
/// "optional" for files that the others do not need. Throws SuiteError for an address that is not https, an invalid
/// checksum, a size of 0, and a path that leaves its folder.
std::vector<PinnedSource> parse_sources(std::string_view text);

/// The built-in sources.json.
const std::vector<PinnedSource>& pinned_sources();

/// The original files from which `fetch_from` makes the data of a task, family or group, without duplicates. With
/// `data_dir`: only for data that it does not have yet. Throws SuiteError, naming all such tasks, when no address is
/// known for a task's questions.
std::vector<SourceFile> originals_of(const Catalog& catalog, const std::string& name,
                                     const std::optional<std::string>& data_dir = {});

}  // namespace suites
