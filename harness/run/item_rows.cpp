#include "harness/run/item_rows.hpp"

#include <set>

namespace harness::run {
namespace {

void add_scores(const suites::GradedItem& graded, store::ItemRow& row) {
    for (const auto& [metric, value] : graded.scores) {
        const auto explained = graded.explanations.find(metric);
        row.scores.push_back({metric, value, explained == graded.explanations.end() ? "" : explained->second});
    }
}

/// What each filter of the task took from the item's outputs: exports show what was graded.
void add_answers(const suites::Task& task, store::ItemRow& row) {
    std::vector<std::string> samples;
    for (const store::RequestRow& request : row.requests) {
        if (request.kind == "generate") samples.push_back(request.output);
    }
    if (samples.empty()) return;
    std::set<std::string_view> filters;
    for (const suites::MetricDefinition& metric : task.metrics()) filters.insert(metric.filter());
    filters.erase("");
    for (const std::string_view filter : filters)
        row.answers.push_back({std::string(filter), task.filtered(filter, samples)});
}

}  // namespace

store::ItemRow item_row(const suites::Item& item) {
    return {.doc = item.doc,
            .document_json = item.original.empty() ? item.document : item.original,
            .target = item.target(),
            .error = "",
            .requests = {},
            .scores = {}};
}

void add_grades(const suites::Task& task, const suites::GradedItem& graded, store::ItemRow& row) {
    add_scores(graded, row);
    add_answers(task, row);
}

}  // namespace harness::run
