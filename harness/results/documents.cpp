#include "harness/results/documents.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

std::uint64_t hash_of(std::string_view text) {
    base::Sha256 hash;
    hash.add(text);
    return hash.start();
}

/// Makes rows equal that differ only in the order of keys or in whitespace.
std::string canonical(std::string_view document) {
    const json parsed = base::json_or_null(document);
    return parsed.is_structured() ? base::json_text(parsed) : std::string(document);
}

}  // namespace

DocumentHash document_hash(std::string_view document_json, std::string_view target) {
    const std::string row = canonical(document_json);
    // The length marks where the row ends and the answer begins.
    return {.content = hash_of(fmt::format("{}:{}{}", row.size(), row, target)), .row = hash_of(row)};
}

reports::data::Documents documents_of(const std::vector<store::DocumentRow>& rows, bool imported) {
    reports::data::Documents documents;
    documents.imported = imported;
    for (const store::DocumentRow& item : rows) {
        const DocumentHash hash = document_hash(item.document_json, item.target);
        documents.numbers.push_back(item.doc);
        documents.rows.push_back(hash.row);
        documents.contents.push_back(hash.content);
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
