#pragma once

#include <string>
#include <vector>

namespace suites {

/// `--data`, else `$XDG_CACHE_HOME/bellwether`, else `~/.cache/bellwether`.
std::string default_data_dir();

/// Converts local files in their original formats, found anywhere below `from`, into the cache layout
/// (`DIR/<dataset>/<split>.jsonl` with the column names of the Hugging Face data set) for a task or data
/// set name. Each file is written to a temporary name and renamed when whole. Returns what was written.
/// Throws SuiteError naming file and row.
std::vector<std::string> fetch_from(const std::string& name, const std::string& from, const std::string& data_dir);

}  // namespace suites
