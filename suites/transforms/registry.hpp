#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// Named transforms, for rules that JSON cannot express. Related transforms share a pair of files in this folder; to
/// add one, declare it there and add a row to the table in registry.cpp. All are pure, accept any input (a model's
/// output is hostile) and need linear or nearly linear time.

/// String -> string. Throws std::invalid_argument with the reason when the text lacks something that the transform
/// needs. Used in templates as `{{field|strip}}`, in choices as `"endings|hellaswag"`, in filters as `{"transform":
/// "strip"}`.
using TextTransform = std::string (*)(std::string_view text);

/// Extracts the answer from a generation; nullopt is a failed extraction. Used in filters as `{"matcher": "NAME"}` when
/// RE2 cannot express the reference's pattern.
using Matcher = std::optional<std::string> (*)(std::string_view output);

/// Row of a data file -> its documents, usually one: the row with added fields. Used in tasks as `"document": "NAME"`;
/// also applied to few-shot examples. Throws SuiteError without the row, which the caller adds.
using DocumentTransform = std::vector<Row> (*)(Row row);

/// nullptr when the name is unknown.
TextTransform find_text_transform(std::string_view name);
Matcher find_matcher(std::string_view name);
DocumentTransform find_document_transform(std::string_view name);

/// All names, for error messages.
std::set<std::string> text_transform_names();
std::set<std::string> matcher_names();
std::set<std::string> document_transform_names();

}  // namespace suites::transforms
