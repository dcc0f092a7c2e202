#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/catalog.hpp"

/// Where the original files of the data sets lie in public: suites/sources.json. Nothing here opens a connection.
namespace suites {

/// One original file at an address, whose content is fixed by its checksum.
struct SourceFile {
    std::string data_set;  ///< first part of paths in the cache: "arc"
    std::string path;      ///< where `fetch_from` is to find it, below a folder for the data set
    std::string url;       ///< https
    std::uint64_t bytes = 0;
    std::string sha256;                     ///< 64 lower-case hexadecimal digits
    std::vector<std::string> members = {};  ///< of an archive: the files that are needed, by their paths in it
    bool optional = false;                  ///< the rest is of use without it
};

/// What one file or folder of the cache is made of.
struct PinnedSource {
    std::string of;  ///< "arc/ARC-Easy", "hellaswag/abstainqa.jsonl"
    std::vector<SourceFile> files;
};

/// Reads the text of sources.json: {"PATH IN THE CACHE": [{"path", "url", "bytes", "sha256"}]}, an archive with
/// "members", with "optional" what the rest is of use without. Throws SuiteError for an address that is not https, a
/// checksum that is none, a size of 0, and a path that leaves its folder.
std::vector<PinnedSource> parse_sources(std::string_view text);

/// Those built in.
const std::vector<PinnedSource>& pinned_sources();

/// The originals from which `fetch_from` makes the data of a task, family or group, each once; with `data_dir` only
/// those of data that is not there yet. Throws SuiteError, naming every task concerned, when no address is known for
/// the questions of one.
std::vector<SourceFile> originals_of(const Catalog& catalog, const std::string& name,
                                     const std::optional<std::string>& data_dir = {});

}  // namespace suites
