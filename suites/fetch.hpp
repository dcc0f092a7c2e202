#pragma once

#include <string>
#include <vector>

#include "suites/catalog.hpp"

namespace suites {

/// `$BELLWETHER_CACHE`, else `$XDG_CACHE_HOME/bellwether`, else `~/.cache/bellwether`.
std::string default_data_dir();

/// `first`, followed by default_data_dir().
DataFolders data_folders(const std::string& first);

/// What to do with files that are already in the data folder.
enum class ExistingFiles { Keep, Replace };

struct FetchOptions {
    std::string from;      ///< folder with the original files, at any depth
    std::string data_dir;  ///< target folder
    ExistingFiles existing = ExistingFiles::Keep;
};

/// Converts the data of a task, family or group to the cache layout `DIR/<dataset>/<split>.jsonl` with the column names
/// of the Hugging Face data set. Sources are files already in that layout (.jsonl, also .gz), else the original files
/// of the data set. All rows are rendered as a check before any file is put in place by renaming. Returns messages
/// about files written or kept. Throws SuiteError naming file and row.
std::vector<std::string> fetch_from(const Catalog& catalog, const std::string& name, const FetchOptions& options);

}  // namespace suites
