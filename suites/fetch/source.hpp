#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suites/row.hpp"
#include "suites/transforms/row_fields.hpp"

namespace suites::fetch {

/// The files below a user's folder.
class Source {
public:
    /// Throws SuiteError when the folder cannot be read.
    explicit Source(const std::string& folder);

    /// The first file, by order of `names` and then path, that is called one of `names` (also with .gz) and whose path
    /// below the folder contains `inside`, ignoring case. If there is none, the folder's own name counts as part of the
    /// path.
    std::optional<std::string> find(const std::string& inside, const std::vector<std::string>& names) const;
    /// The first file whose path ends with `path`, also with .gz.
    std::optional<std::string> find_path(const std::string& path) const;
    /// All files with this ending whose path, including the folder's own name, contains `inside`.
    std::vector<std::string> find_all(const std::string& inside, const std::string& ending) const;
    const std::string& folder() const { return folder_; }

private:
    std::string folder_;
    std::size_t below_ = 0;           ///< position in `files_` entries at which the path below the folder begins
    std::size_t own_name_ = 0;        ///< position at which the folder's own name begins
    std::vector<std::string> files_;  ///< absolute, sorted
};

/// One file of the cache.
struct Converted {
    std::string origin;  ///< path of the original file
    std::vector<Row> rows = {};
    std::string text = {};  ///< content of a file that does not consist of rows
};

/// Makes one file of the cache, such as "arc/ARC-Easy/test.jsonl", from original files; nullopt when there are none.
/// Throws SuiteError naming file and row for an invalid original.
using Converter = std::optional<Converted> (*)(const Source& source, const std::string& file);

/// Converts every row of a file with `change`; adds file and row (from 1) to its errors.
Converted convert_rows(const std::string& path, const std::function<Row(const Row& row)>& change,
                       const std::vector<std::string>& columns = {});

/// Reads a file that is one JSON value. Throws SuiteError.
Row json_in(const std::string& path);
/// Reads the list `name` from a file that is one JSON object. Throws SuiteError.
Row list_in(const std::string& path, const char* name);
/// Converts every entry of such a list with `change`; adds file, row (from 1) and list to its errors.
Converted convert_list(const std::string& path, const char* name, const std::function<Row(const Row& row)>& change);

using transforms::field;
using transforms::field_or;
using transforms::text_field;
using transforms::texts_field;

/// The split of a cache file: "test" for "arc/ARC-Easy/test.jsonl".
std::string split_of(const std::string& file);

}  // namespace suites::fetch
