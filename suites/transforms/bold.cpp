#include "suites/transforms/bold.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "suites/error.hpp"
#include "suites/transforms/row_fields.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {

std::vector<Row> bold_prompts(Row row) {
    if (!row.contains("prompts") || !row["prompts"].is_array()) throw SuiteError("\"prompts\" is not a list");
    std::vector<Row> documents;
    for (const Row& prompt : row["prompts"]) {
        if (!prompt.is_string()) throw SuiteError("\"prompts\" has an entry that is not a string");
        documents.push_back({{"domain", field_or(row, "domain", "")},
                             {"category", field_or(row, "category", "")},
                             {"name", field_or(row, "name", "")},
                             {"prompt", strip(prompt.get<std::string>())}});
    }
    return documents;
}

}  // namespace suites::transforms
