#include "harness/cli/agreement_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/results/agreement_words.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/safety_scorers.hpp"
#include "harness/results/scorer_trust.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/score_store.hpp"
#include "reports/statistics/classification.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using scoring::Estimate;

const Estimate* find(const std::vector<Estimate>& estimates, const std::string& name) {
    const auto found =
        std::find_if(estimates.begin(), estimates.end(), [&](const Estimate& one) { return one.name == name; });
    return found == estimates.end() ? nullptr : &*found;
}

std::array<std::string, 2> cells(const Estimate* estimate) {
    if (estimate == nullptr) return {"", ""};
    const auto& ci95 = estimate->ci95;
    return {results::estimate_text(estimate->name, estimate->value),
            ci95 ? results::interval_text(estimate->name, ci95->low, ci95->high) : "unknown"};
}

}  // namespace

std::string agreement_text(const store::Database& database, std::int64_t scorer, const std::string& measure) {
    std::string text;
    for (const store::ScorerAccuracyRow& row : store::AccuracyStore(database).of_scorer(scorer))
        text += (text.empty() ? "" : "; ") + results::accuracy_sentence(row);
    return text.empty() ? fmt::format("agreement with people: not measured ({})", measure) : text;
}

void print_agreement(const store::Database& database, std::int64_t run) {
    const std::vector<store::ScorerRow> scorers = store::ScoreStore(database).scorers(run);
    const results::LaterScorers names(scorers);
    for (const store::ScorerRow& scorer : scorers) {
        const std::string* name = names.name(scorer.id);
        if (name == nullptr) continue;
        const std::string measure =
            fmt::format("bellwether judge eval --with {} --labels FILE", results::option_of(scorer));
        print_paragraph(*name + ": " + agreement_text(database, scorer.id, measure));
    }
}

void print_coefficients(const scoring::PeopleAgreement& agreement) {
    std::vector<std::pair<std::string, Column>> columns = {
        {"agreement with people", Column::Text}, {"scorer", Column::Number}, {"95 % interval", Column::Text}};
    const bool has_people = !agreement.people.empty();
    if (has_people) {
        columns.emplace_back("people", Column::Number);
        columns.emplace_back("95 % interval", Column::Text);
    }
    Table table = table_of(columns);
    for (const auto& [name, title] : results::agreement_titles()) {
        const Estimate* scorer = find(agreement.scorer, name);
        const Estimate* people = find(agreement.people, name);
        if (scorer == nullptr && people == nullptr) continue;
        const auto [value, interval] = cells(scorer);
        table.rows.push_back({title, value, interval});
        if (!has_people) continue;
        for (const std::string& cell : cells(people)) table.rows.back().push_back(cell);
    }
    print_table(table, kWideColumns);
}

void print_confusion(const scoring::PeopleAgreement& agreement, scoring::LabelScale scale) {
    if (agreement.counts.empty()) return;
    const std::vector<std::string>& categories = scoring::categories_of(scale);
    const auto words = [](std::string category) {
        std::replace(category.begin(), category.end(), '_', ' ');
        return category;
    };
    std::vector<std::pair<std::string, Column>> columns = {{"labelled", Column::Text}};
    for (const std::string& category : categories) columns.emplace_back("judged " + words(category), Column::Number);
    for (const char* score : {"precision", "recall", "F1"}) columns.emplace_back(score, Column::Number);
    Table table = table_of(columns);
    const reports::statistics::Classification measures = reports::statistics::classification(agreement.counts);
    const auto shown = [](const auto& measure) { return measure ? fmt::format("{:.3f}", measure->value) : "-"; };
    for (std::size_t label = 0; label < categories.size(); ++label) {
        const std::vector<std::size_t>& counts = agreement.counts[label];
        if (std::all_of(counts.begin(), counts.end(), [](std::size_t count) { return count == 0; })) continue;
        std::vector<std::string> row = {words(categories[label])};
        for (const std::size_t count : counts) row.push_back(std::to_string(count));
        const auto& [recall, precision, f1] = measures.classes[label];
        row.insert(row.end(), {shown(precision), shown(recall), shown(f1)});
        table.rows.push_back(std::move(row));
    }
    print_table(table, kWideColumns);
}

}  // namespace harness::cli
