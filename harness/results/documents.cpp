#include "harness/results/documents.hpp"

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

std::uint64_t hash_of(const std::string& text) {
    base::Sha256 hash;
    hash.add(text);
    return hash.start();
}

/// Makes rows equal that differ only in the order of keys or in whitespace.
std::string canonical(const std::string& document) {
    const json parsed = base::json_or_null(document);
    return parsed.is_structured() ? base::json_text(parsed) : document;
}

}  // namespace

reports::data::Documents documents_of(const std::vector<store::DocumentRow>& rows, bool imported) {
    reports::data::Documents documents;
    documents.imported = imported;
    for (const store::DocumentRow& item : rows) {
        documents.numbers.push_back(item.doc);
        const std::string row = canonical(item.document_json);
        documents.rows.push_back(hash_of(row));
        // The length marks where the row ends and the answer begins.
        documents.contents.push_back(hash_of(std::to_string(row.size()) + ":" + row + item.target));
    }
    return documents;
}

bool is_imported(const store::RunTaskRow& task) {
    return task.scorer.kind == "import";
}

bool is_imported(const store::RunRow& run) {
    const json plan = base::json_or_null(run.plan_json);
    return plan.is_object() && plan.contains("import");
}

}  // namespace harness::results
