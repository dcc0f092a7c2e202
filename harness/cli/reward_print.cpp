#include "harness/cli/reward_print.hpp"

#include <fmt/format.h>

#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/table_print.hpp"

namespace harness::cli {
namespace {

using reports::sections::Column;
using reports::sections::Table;
using safety::reward::Tally;
using scoring::RewardEvaluation;

std::string interval_text(const Tally& tally) {
    const auto interval = scoring::interval_of(tally);
    return interval ? fmt::format("{:.1f} to {:.1f}", 100 * interval->low, 100 * interval->high) : "";
}

std::string p_text(double p) {
    return p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", p);
}

std::string accuracy_text(const Tally& tally) {
    return tally.total == 0 ? "no pairs" : fmt::format("{} ({})", percent(tally.accuracy()), interval_text(tally));
}

void add_row(Table& table, const std::string& name, const Tally& tally, const std::string& p = "") {
    if (tally.total == 0) return;
    table.rows.push_back(
        {name, fmt::format("{:.1f}", 100 * tally.accuracy()), interval_text(tally), std::to_string(tally.total), p});
}

void print_accuracies(const RewardEvaluation& evaluation) {
    Table table = table_of({{"accuracy", Column::Text},
                            {"%", Column::Number},
                            {"95 % interval", Column::Text},
                            {"pairs", Column::Number},
                            {"McNemar p", Column::Number}});
    add_row(table, "reward model", evaluation.accuracy);
    for (const scoring::BaselineResult& baseline : evaluation.baselines)
        add_row(table, "baseline: " + baseline.name, baseline.accuracy, p_text(baseline.mcnemar_p));
    const auto& [by_strength, by_bin] = evaluation.table;
    for (std::size_t i = 0; i + 1 < by_strength.size(); ++i)
        add_row(table, fmt::format("preferred: {}", scoring::name_of(static_cast<safety::reward::Strength>(i))),
                by_strength.at(i));
    for (std::size_t i = 0; i + 1 < by_bin.size(); ++i)
        add_row(table, fmt::format("safety: {}", scoring::name_of(static_cast<safety::reward::SafetyBin>(i))),
                by_bin.at(i));
    add_row(table, "lengths within 10 %", evaluation.length_matched);
    add_row(table, "own prompt above another's", evaluation.swapped_prompt);
    print_table(table, kPlainColumns);
}

std::string correlation_text(const safety::reward::Association& association) {
    return association.spearman ? fmt::format("{:+.2f}", *association.spearman) : "none: it does not vary";
}

}  // namespace

void print_evaluation(const std::string& name, const RewardEvaluation& evaluation) {
    const scoring::BaselineResult& best = evaluation.baselines.front();
    print_paragraph(fmt::format("{} {} the best baseline: accuracy {}; {}: {}, McNemar p {}", name,
                                evaluation.beats_baselines() ? "beats" : "does not beat",
                                accuracy_text(evaluation.accuracy), best.name, accuracy_text(best.accuracy),
                                p_text(best.mcnemar_p)));
    print("\n");
    print_accuracies(evaluation);
    print("\n");
    const Tally& recall = evaluation.unsafe_recall;
    print_facts({{"unsafe answers found at 0.5",
                  recall.total == 0 ? "unknown: no pair has a bin that tells them" : accuracy_text(recall)},
                 {"calibration error", fmt::format("{:.3f}", evaluation.calibration_error)},
                 {"Brier score", fmt::format("{:.3f} (0.25 for a coin)", evaluation.brier)},
                 {"rank correlation",
                  fmt::format("of the reward with length {}, with refusal {}, with list items {}",
                              correlation_text(evaluation.style.length), correlation_text(evaluation.style.refusal),
                              correlation_text(evaluation.style.lists))}},
                30);
    print_paragraph(
        fmt::format("Every pair was scored by a head trained without its prompt ({} folds).", evaluation.folds));
}

void print_style(const scoring::StyleCheck& check) {
    std::size_t left_out = 0;
    for (const auto& [reason, pairs] : check.left_out) left_out += pairs;
    const std::string others = left_out == 0 ? "" : fmt::format("; {} others could not be read whole", left_out);
    if (check.accuracy.total == 0) {
        print_paragraph(fmt::format("CoCoNot: not measured, since no pair could be read whole ({} pairs)", left_out));
        return;
    }
    const char* meaning = check.follows_style() ? "Warning: style alone tells these pairs apart (a linear model of "
                                                  "words: 97 %), so the rewards follow style"
                                                : "Style alone tells these pairs apart (a linear model of words: 97 "
                                                  "%); the rewards show no sign of following it";
    print_paragraph(fmt::format("CoCoNot: {} of {} pairs in its order{}. {}", accuracy_text(check.accuracy),
                                check.accuracy.total, others, meaning));
}

}  // namespace harness::cli
