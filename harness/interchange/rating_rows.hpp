#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/study_ratings.hpp"
#include "harness/store/study_rows.hpp"

namespace harness::interchange {

/// A rating with its item, or an item that nobody rated, as our own files hold it: README.md shows the fields.
struct RatingRow {
    store::StudyRow study;     ///< name, protocol and raters
    store::StudyItemRow item;  ///< without id
    std::optional<store::Rating> rating = {};
};

/// The names of the fields, in the order of a table's columns.
const std::vector<std::string>& rating_fields();

/// A row with all fields; those that it lacks are null. Texts that are not UTF-8 are in fields "..._base64".
nlohmann::ordered_json to_json(const RatingRow& row);

/// Throw std::runtime_error, naming the field, for a protocol that no study has, and for a value that is not on its
/// scale.
void check_protocol(const std::string& protocol);
void check_value(std::string_view protocol, std::int64_t value, std::string_view field);

/// The rows of a file of JSON lines, a JSON list, CSV or TSV, by its unpacked content; records of Argilla and tasks of
/// Label Studio too (see rating_tools_import). Throws InterchangeError with every mistake, at most 20, each with file,
/// row and field.
std::vector<RatingRow> parse_rating_rows(std::string_view text, const std::string& path);

}  // namespace harness::interchange
