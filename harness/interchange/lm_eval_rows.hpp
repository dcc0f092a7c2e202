#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace harness::interchange {

/// Calls `each` with every sample of a log, as JSON, and its number from 1: the lines that are not blank (the number
/// is the line's), or the entries of one list, which lm-evaluation-harness wrote before 0.4.3 into files named .jsonl
/// too. Throws InterchangeError, which names `path`, when a list does not end or something stands behind it.
void for_each_sample(std::string_view text, const std::string& path,
                     const std::function<void(std::string_view sample, std::size_t number)>& each);

/// What Python writes as JSON without being it: NaN, Infinity and -Infinity become the strings "NaN", "Infinity" and
/// "-Infinity", and half a character (a surrogate without its partner) U+FFFD.
std::string plain_json(std::string_view python_json);

}  // namespace harness::interchange
