#include "safety/refusal/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "safety/error.hpp"
#include "suites/row.hpp"

namespace safety::refusal {
namespace {

constexpr std::array<const char*, 5> kAnswerFields = {"answer", "completion", "output", "response", "text"};
constexpr std::array<const char*, 2> kLabelFields = {"label", "final_label"};

/// The string in the first of the fields that a row has.
std::string text_of(const suites::Row& row, std::span<const char* const> fields, const std::string& where) {
    for (const char* field : fields) {
        const auto found = row.find(field);
        if (found == row.end()) continue;
        if (!found->is_string()) throw PromptError(fmt::format("{}: {} is not a string", where, field));
        return found->get<std::string>();
    }
    throw PromptError(fmt::format("{}: has none of the fields {}", where, fmt::join(fields, ", ")));
}

std::string id_of(const suites::Row& row, std::size_t number) {
    const auto found = row.find("id");
    if (found == row.end()) return std::to_string(number);
    return found->is_string() ? found->get<std::string>() : suites::row_text(*found);
}

}  // namespace

std::vector<LabelledRow> read_labelled(const std::string& path) {
    std::vector<LabelledRow> rows;
    for (const suites::Row& row : suites::read_data_file(path)) {
        const std::string where = fmt::format("{}, row {}", path, rows.size() + 1);
        if (!row.is_object()) throw PromptError(fmt::format("{}: is not an object", where));
        const std::string label = text_of(row, kLabelFields, where);
        const auto refusal = refusal_from(label);
        if (!refusal) {
            throw PromptError(
                fmt::format("{}: unknown label '{}'; known: full_compliance, partial_refusal, "
                            "full_refusal, no_answer, and XSTest's numbered ones",
                            where, label));
        }
        rows.push_back({id_of(row, rows.size() + 1), text_of(row, kAnswerFields, where), *refusal});
    }
    if (rows.empty()) throw PromptError(fmt::format("{}: no rows", path));
    return rows;
}

}  // namespace safety::refusal
