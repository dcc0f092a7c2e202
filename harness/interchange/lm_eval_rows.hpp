#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace harness::interchange {

/// Calls `each` with every sample of a log, as JSON, and its number from 1: the non-blank lines (numbered by line), or
/// the entries of one list, which lm-evaluation-harness before 0.4.3 wrote even into files named .jsonl. Throws
/// InterchangeError, which names `path`, when a list does not end or text follows it.
void for_each_sample(std::string_view text, const std::string& path,
                     const std::function<void(std::string_view sample, std::size_t number)>& each);

/// Converts Python's extensions of JSON: NaN, Infinity and -Infinity become the strings "NaN", "Infinity" and
/// "-Infinity", and a lone surrogate becomes U+FFFD.
std::string plain_json(std::string_view python_json);

}  // namespace harness::interchange
