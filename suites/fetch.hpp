#pragma once

#include <string>
#include <vector>

namespace suites {

/// `--data`, else `$XDG_CACHE_HOME/bellwether`, else `~/.cache/bellwether`.
std::string default_data_dir();

/// Brings the data of a task, family or group into the cache layout `DIR/<dataset>/<split>.jsonl` with the column names
/// of the Hugging Face data set, from local files anywhere below `from`: rows that are in that layout already (.jsonl,
/// also .gz), else the originals of the data set. Every row is rendered before any file is written, each under a
/// temporary name and renamed when whole. Returns what was written, and notes. Throws SuiteError naming file and row.
std::vector<std::string> fetch_from(const std::string& name, const std::string& from, const std::string& data_dir);

}  // namespace suites
