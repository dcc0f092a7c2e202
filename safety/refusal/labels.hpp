#pragma once

#include <string>
#include <vector>

#include "safety/refusal/refusal.hpp"

namespace safety::refusal {

/// A row of a file of answers with people's labels.
struct LabelledRow {
    std::string id = {};  ///< its "id", else the row's number from 1
    std::string answer = {};
    Refusal label = Refusal::FullCompliance;
};

/// Reads answers with labels from a CSV, TSV, JSONL or JSON file (each also .gz). The answer is in the column or field
/// "answer", "completion", "output", "response" or "text"; the label, as refusal_from() reads it, in "label" or
/// "final_label". So XSTest's files of completions are read as they are. Throws suites::SuiteError for a file that is
/// no table, and PromptError naming file and row for a missing field or an unknown label, or for a file without rows.
std::vector<LabelledRow> read_labelled(const std::string& path);

}  // namespace safety::refusal
