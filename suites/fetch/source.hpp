#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suites/row.hpp"

namespace suites::fetch {

/// The files below a folder that a user has.
class Source {
public:
    /// Throws SuiteError when the folder cannot be read.
    explicit Source(const std::string& folder);

    /// The first file (by path) with one of `names`, or one of them and .gz, in the order of the names, whose path
    /// below the folder has `inside` in it in any case; when there is none, whose path from the folder's own name on
    /// has it.
    std::optional<std::string> find(const std::string& inside, const std::vector<std::string>& names) const;
    /// The first file whose path ends with the whole of `path`, or that and .gz.
    std::optional<std::string> find_path(const std::string& path) const;
    /// Every file with `inside` in its path from the folder's own name on that has this ending.
    std::vector<std::string> find_all(const std::string& inside, const std::string& ending) const;
    const std::string& folder() const { return folder_; }

private:
    std::string folder_;
    std::size_t below_ = 0;           ///< where a file's path below the folder begins
    std::size_t own_name_ = 0;        ///< where the folder's own name begins
    std::vector<std::string> files_;  ///< absolute, sorted
};

/// One file of the cache.
struct Converted {
    std::string origin;  ///< the file it comes from
    std::vector<Row> rows = {};
    std::string text = {};  ///< instead of rows: of files that are no rows
};

/// Makes one file of the cache, such as "arc/ARC-Easy/test.jsonl", from originals; nullopt when there are none. Throws
/// SuiteError naming file and row for an original that is not as it should be.
using Converter = std::optional<Converted> (*)(const Source& source, const std::string& file);

/// Every row of a file through `change`; what it throws is told with file and row (1-based).
Converted convert_rows(const std::string& path, const std::function<Row(const Row& row)>& change,
                       const std::vector<std::string>& columns = {});

/// A file that is one JSON value. Throws SuiteError.
Row json_in(const std::string& path);
/// The list `name` of a file that is one JSON object. Throws SuiteError.
Row list_in(const std::string& path, const char* name);
/// Every entry of such a list through `change`; what it throws is told with file, row (1-based) and list.
Converted convert_list(const std::string& path, const char* name, const std::function<Row(const Row& row)>& change);

/// A field that must be there. Throws SuiteError.
const Row& field(const Row& row, const char* name);
/// A field that must be there and a text. Throws SuiteError.
std::string text_field(const Row& row, const char* name);

/// "test" of "arc/ARC-Easy/test.jsonl".
std::string split_of(const std::string& file);

}  // namespace suites::fetch
