// Programming problems.

#include "suites/fetch/data_sets.hpp"
#include "suites/task.hpp"

namespace suites::fetch {

using nlohmann::json;

std::optional<Converted> humaneval(const Source& source, const std::string& /*file*/) {
    const auto path = source.find("", {"HumanEval.jsonl", "HumanEval.jsonl.gz"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        json converted;
        for (const char* name : {"task_id", "prompt", "canonical_solution", "test", "entry_point"}) converted[name] = text_field(row, name);
        return converted;
    });
}

}  // namespace suites::fetch
