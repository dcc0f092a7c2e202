#include "suites/data/rows.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <system_error>

#include "suites/data/json_text.hpp"
#include "suites/error.hpp"
#include "suites/transforms/text.hpp"

namespace suites::data {
namespace {

/// Reads a table field by field.
class TableReader {
public:
    TableReader(std::string_view text, char separator, const std::string& where)
        : text_(text), separator_(separator), where_(where) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        // Old Macintosh programs end lines with only CR.
        if (text_.find('\n') == std::string_view::npos) line_end_ = '\r';
    }

    std::size_t row() const { return row_; }

    /// The next row; nullopt at the end. Blank lines are ignored.
    std::optional<std::vector<std::string>> next() {
        while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
        if (at_ >= text_.size()) return std::nullopt;
        ++row_;
        std::vector<std::string> fields = {field()};
        while (at_ < text_.size() && text_[at_] == separator_) {
            ++at_;
            fields.push_back(field());
        }
        if (line_end_ == '\n' && at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size()) {
            if (text_[at_] != line_end_)
                throw SuiteError(fmt::format("{}: row {}: text after a closing quote", where_, row_));
            ++at_;
        }
        return fields;
    }

private:
    std::string field() {
        std::string value;
        if (at_ < text_.size() && text_[at_] == '"') {
            for (++at_;; ++at_) {
                if (at_ >= text_.size())
                    throw SuiteError(fmt::format("{}: row {}: a quote is not closed", where_, row_));
                if (text_[at_] != '"') {
                    value += text_[at_];
                } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                    value += text_[++at_];
                } else {
                    ++at_;
                    return value;
                }
            }
        }
        while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != line_end_ &&
               !(text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n")) {
            value += text_[at_++];
        }
        return value;
    }

    std::string_view text_;
    char separator_;
    char line_end_ = '\n';
    const std::string& where_;
    std::size_t at_ = 0;
    std::size_t row_ = 0;
};

Row parse_line(std::string_view line, const std::string& where) {
    try {
        Row row = parse_row(line);
        if (row.is_object()) return row;
    } catch (const SuiteError& error) {
        std::string_view why = error.what();
        // Removes "line 1, ": each line is parsed separately, so it is always 1.
        if (const std::size_t column = why.find("column ");
            why.starts_with("line ") && column != std::string_view::npos)
            why.remove_prefix(column);
        throw SuiteError(fmt::format("{} is not a JSON object: {}", where, why));
    }
    throw SuiteError(where + " is not a JSON object");
}

}  // namespace

std::vector<Row> parse_jsonl(std::string_view text, const std::string& where) {
    std::vector<Row> rows;
    std::size_t line = 1;
    const char line_end = text.find('\n') == std::string_view::npos ? '\r' : '\n';
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find(line_end, at), text.size());
        const std::string_view one = text.substr(at, end - at);
        at = end + 1;
        if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        rows.push_back(parse_line(one, fmt::format("{}: line {}", where, line)));
    }
    return rows;
}

std::vector<Row> parse_json_array(std::string_view text, const std::string& where) {
    Row list;
    try {
        list = parse_row(text);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: not JSON: {}", where, error.what()));
    }
    if (!list.is_array()) throw SuiteError(where + ": not a JSON array of objects");
    std::vector<Row> rows;
    for (Row& row : list) {
        if (!row.is_object()) throw SuiteError(fmt::format("{}: element {} is not a JSON object", where, rows.size()));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Row> parse_table(std::string_view text, char separator, const std::vector<std::string>& columns,
                             const std::string& where) {
    TableReader reader(text, separator, where);
    std::vector<std::string> names = columns;
    if (names.empty()) {
        const auto head = reader.next();
        if (!head) throw SuiteError(where + ": the file is empty, not even a row of column names");
        names = *head;
    }
    if (std::set<std::string>(names.begin(), names.end()).size() < names.size())
        throw SuiteError(where + ": two columns have one name");
    std::vector<Row> rows;
    while (const auto fields = reader.next()) {
        if (fields->size() != names.size()) {
            throw SuiteError(fmt::format("{}: row {} has {} fields, there are {} columns", where, reader.row(),
                                         fields->size(), names.size()));
        }
        Row row = Row::object();
        if (!std::all_of(fields->begin(), fields->end(), is_utf8))
            throw SuiteError(
                fmt::format("{}: row {} is not UTF-8; convert the file, as with iconv", where, reader.row()));
        // Added as to a list, since the names are known to differ and each would be compared with all before it.
        using Members = std::vector<Row::object_t::value_type>;
        auto& members = static_cast<Members&>(row.get_ref<Row::object_t&>());
        members.reserve(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) members.emplace_back(names[i], (*fields)[i]);
        rows.push_back(std::move(row));
    }
    return rows;
}

namespace {

std::vector<Row> parse_rows(std::string_view text, const std::string& path, const std::vector<std::string>& columns) {
    std::string_view name = path;
    if (name.ends_with(".gz")) name.remove_suffix(3);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const bool is_json = name.ends_with(".json") || name.ends_with(".jsonl");
    if (is_json && text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
    try {
        check_encoding(text);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: {}", path, error.what()));
    }
    if (name.ends_with(".jsonl")) return parse_jsonl(text, path);
    if (name.ends_with(".json")) return parse_json_array(text, path);
    if (name.ends_with(".csv")) return parse_table(text, ',', columns, path);
    if (name.ends_with(".tsv")) return parse_table(text, '\t', columns, path);
    throw SuiteError(path + ": the file name must end in .jsonl, .json, .csv or .tsv, each also with .gz");
}

}  // namespace

std::vector<Row> read_rows(const std::string& path, const std::vector<std::string>& columns) {
    return parse_rows(read_text(path), path, columns);
}

}  // namespace suites::data

namespace suites {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{4} << 30;  // after unpacking: a small file can unpack to any size

}  // namespace

std::string read_text(const std::string& path) {
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
        throw SuiteError(path + ": is a folder, not a file");
    // gzread returns files that are not compressed unchanged.
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) throw SuiteError(path + ": cannot be read");
    std::string text;
    std::array<char, 65536> part = {};
    int got = 0;
    while ((got = gzread(file.get(), part.data(), part.size())) > 0) {
        text.append(part.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxBytes) throw SuiteError(path + ": more than 4 GiB unpacked; split the file");
    }
    int error = Z_OK;
    gzerror(file.get(), &error);
    if (got < 0 || error != Z_OK) throw SuiteError(path + ": the gzip data are damaged or cut short");
    return text;
}

std::vector<Row> read_data_file(const std::string& path) {
    return data::read_rows(path);
}

std::vector<Row> parse_data_file(std::string_view text, const std::string& path) {
    return data::parse_rows(text, path, {});
}

}  // namespace suites
