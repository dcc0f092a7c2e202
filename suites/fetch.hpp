#pragma once

#include <string>
#include <vector>

#include "suites/catalog.hpp"

namespace suites {

/// `$BELLWETHER_CACHE`, else `$XDG_CACHE_HOME/bellwether`, else `~/.cache/bellwether`.
std::string default_data_dir();

/// A folder that is looked into before that one.
DataFolders data_folders(const std::string& first);

/// What is done about files that are in the data folder already.
enum class ExistingFiles { Keep, Replace };

struct FetchOptions {
    std::string from;      ///< local files, anywhere below this folder
    std::string data_dir;  ///< where the data goes
    ExistingFiles existing = ExistingFiles::Keep;
};

/// Brings the data of a task, family or group into the cache layout `DIR/<dataset>/<split>.jsonl` with the column names
/// of the Hugging Face data set: rows that are in that layout already (.jsonl, also .gz), else the originals of the
/// data set. Every row is rendered before any file is written, each under a temporary name and renamed when whole.
/// Returns what was written or kept, and notes. Throws SuiteError naming file and row.
std::vector<std::string> fetch_from(const Catalog& catalog, const std::string& name, const FetchOptions& options);

}  // namespace suites
