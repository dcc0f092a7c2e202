#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace harness::interchange {

/// A number as Python's str() writes it: the shortest text that reads back as the same value, always with a point or an
/// exponent.
std::string python_number(double value);

/// The text of Python's json.dumps(value, indent=2, ensure_ascii=False), which lm-evaluation-harness takes hashes of.
std::string python_json(const nlohmann::ordered_json& value);

/// Python's repr(value): strings in single quotes, or in double quotes if they contain a single quote and no double
/// quote.
std::string python_repr(const nlohmann::ordered_json& value);

}  // namespace harness::interchange
