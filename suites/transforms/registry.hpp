#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// What task files name when JSON cannot say it. A family of transforms has its own file pair in this folder; to add
/// one, declare it there and add its row to the table in registry.cpp. All are pure, take any input (a model's output
/// is hostile) and need time linear in it, or nearly so.

/// Text -> text. Throws std::invalid_argument, with what is wrong with the text, where it needs something that is not
/// there. In templates as `{{field|strip}}`, in choices as `"endings|hellaswag"`, in filters as
/// `{"transform": "strip"}`.
using TextTransform = std::string (*)(std::string_view text);

/// Takes the answer out of a generation; nullopt is a failed extraction. In filters as `{"matcher": "NAME"}`, where RE2
/// cannot express the reference's pattern.
using Matcher = std::optional<std::string> (*)(std::string_view output);

/// One row of a data file -> the documents made of it, usually one: the row with added fields. In tasks as
/// `"document": "NAME"`; it works on examples too. Throws SuiteError without naming the row, which the caller adds.
using DocumentTransform = std::vector<Row> (*)(Row row);

/// nullptr when there is none of the name.
TextTransform find_text_transform(std::string_view name);
Matcher find_matcher(std::string_view name);
DocumentTransform find_document_transform(std::string_view name);

/// Names, for messages.
std::set<std::string> text_transform_names();
std::set<std::string> matcher_names();
std::set<std::string> document_transform_names();

}  // namespace suites::transforms
