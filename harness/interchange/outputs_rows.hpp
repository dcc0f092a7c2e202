#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"

namespace harness::interchange {

/// One output of a model that was asked elsewhere.
struct OutputRow {
    std::string where;  ///< "FILE: row N", for messages
    std::string id;     ///< of the prompt; empty: not told
    /// The conversation that was answered, system prompt included; empty: not told, or `prompt` is all there is.
    std::vector<suites::Message> turns = {};
    std::string prompt = {};  ///< the prompt as one text, perhaps as the model was asked; empty: not told
    std::string output = {};
    std::string error = {};                        ///< why there is no output; empty: there is one
    std::string model = {};                        ///< empty: not told
    std::string task = {};                         ///< empty: not told
    std::string date = {};                         ///< UTC, ISO 8601, seconds; empty: not told
    std::string finish = {};                       ///< "eos", "stop", "length"; empty: not known
    std::string settings_json = {};                ///< an object; empty: not told
    std::string licence = {};                      ///< of the model; empty: not told
    std::optional<std::uint32_t> sample = {};      ///< of several outputs to one prompt, from 0
    std::optional<std::uint64_t> cut_tokens = {};  ///< lost on the left of the prompt
    std::optional<std::uint64_t> documents = {};   ///< how many the task's run was to have
};

/// The rows of a file of JSON lines, a JSON list, CSV or TSV (each also with .gz), by its unpacked content. A row whose
/// output is a list of strings becomes one row for each. Throws InterchangeError with every mistake, at most 20, each
/// with file, row and field.
std::vector<OutputRow> parse_output_rows(std::string_view text, const std::string& path);

}  // namespace harness::interchange
