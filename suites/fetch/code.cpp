// Programming problems.

#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"

namespace suites::fetch {

using json = Row;

std::optional<Converted> humaneval(const Source& source, const std::string& /*file*/) {
    const auto path = source.find("", {"HumanEval.jsonl", "HumanEval.jsonl.gz"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        json converted;
        for (const char* name : {"task_id", "prompt", "canonical_solution", "test", "entry_point"})
            converted[name] = text_field(row, name);
        return converted;
    });
}

std::optional<Converted> mbpp(const Source& source, const std::string& file) {
    // Problem numbers: the authors reserved 1-10 for prompts and 11-510 for testing; lm-evaluation-harness uses 2-4 as
    // examples.
    const bool examples = split_of(file) == "examples";
    const int first = examples ? 2 : 11;
    const int last = examples ? 4 : 510;
    auto path = source.find("", {"mbpp.jsonl"});
    if (!path && examples) path = source.find_path("mbpp/full/prompt.jsonl");
    if (!path) return std::nullopt;
    Converted converted = convert_rows(*path, [](const json& row) {
        for (const char* name : {"text", "code", "test_setup_code"}) text_field(row, name);
        json converted_row;
        for (const char* name : {"task_id", "text", "code", "test_list", "test_setup_code"})
            converted_row[name] = field(row, name);
        if (row.contains("challenge_test_list")) converted_row["challenge_test_list"] = row["challenge_test_list"];
        if (!converted_row["task_id"].is_number_integer()) throw SuiteError("\"task_id\" is not a number");
        return converted_row;
    });
    std::erase_if(converted.rows, [&](const json& row) { return row["task_id"] < first || row["task_id"] > last; });
    return converted;
}

}  // namespace suites::fetch
