#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/sections/cells.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/ladder.hpp"
#include "reports/sections/scores.hpp"

namespace reports::sections {
namespace {

using data::Divergence;
using data::LadderModel;

/// Three digits, since divergences span ten orders of magnitude.
std::string digits(double value) {
    if (value == 0) return "0";
    return std::isfinite(value) ? fmt::format("{:#.3g}", value) : kNone;
}

/// Two digits.
std::string short_digits(double value) {
    if (value == 0) return "0";
    if (!std::isfinite(value)) return kNone;
    return std::abs(value) >= 10 ? fmt::format("{:.0f}", value) : fmt::format("{:#.2g}", value);
}

std::string error_text(const std::optional<double>& value) {
    return value ? short_digits(*value) : kNone;
}

bool is_reference(const data::Ladder& ladder, const LadderModel& model) {
    return &model == &ladder.models.front();
}

/// The models that have divergences from the reference, with their texts for a cell of each column.
template <class Cells>
void add_rows(const data::Ladder& ladder, Table& table, const Cells& cells) {
    for (const LadderModel& model : ladder.models) {
        if (!model.divergence) continue;
        std::vector<std::string> row = {name_text(model.variant)};
        for (std::string& cell : cells(model, *model.divergence)) row.push_back(std::move(cell));
        add_row(table, std::move(row), 0);
    }
}

std::string tokens_text(const data::Ladder& ladder) {
    return ladder.tokens == ladder.text_tokens
               ? fmt::format("the {} tokens", ladder.tokens)
               : fmt::format("the first {} of the {} tokens", ladder.tokens, ladder.text_tokens);
}

/// The score that the overview shows: the first metric of the first task of the reference's run.
std::vector<const LadderScore*> first_scores(const data::Ladder& ladder, const std::vector<LadderScore>& scores) {
    std::vector<const LadderScore*> of_model(ladder.models.size());
    for (const LadderScore& score : scores) {
        const bool is_first =
            score.task->task == scores.front().task->task && score.metric->name == scores.front().metric->name;
        if (is_first && of_model[score.model] == nullptr) of_model[score.model] = &score;
    }
    return of_model;
}

std::string flips_text(const LadderScore* score) {
    const auto flips = score == nullptr ? std::nullopt : score->flips();
    return flips ? std::to_string(*flips) : kNone;
}

std::string overview_caption(const data::Ladder& ladder, const std::vector<LadderScore>& scores) {
    std::string caption = fmt::format(
        "Each model compared with {}, the first row, over {} of {} in {} of up to {} tokens. KL: mean over the tokens "
        "of "
        "the divergence of the distributions of the next token, in nats; its error counts a window as one cluster. "
        "Same "
        "top: share of the tokens where both find the same one most probable. Tokens per second of a single answer.",
        ladder.models.front().variant, tokens_text(ladder), ladder.text, counted(ladder.windows, "window"),
        ladder.window_tokens);
    if (!scores.empty()) {
        caption += fmt::format(" Score: {} of {}; flips: its items whose verdict changed.", scores.front().metric->name,
                               scores.front().task->task);
    }
    return caption;
}

Table overview_table(const data::Ladder& ladder, const std::vector<LadderScore>& scores) {
    using enum Column;
    Table table{.heading = "Quantisation ladder",
                .caption = overview_caption(ladder, scores),
                .titles = {"model", "size", "bits per weight", "KL", "std. error", "same top"},
                .columns = {Key, Number, Number, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    if (!scores.empty()) {
        table.titles.insert(table.titles.end(), {"score", "flips"});
        table.columns.insert(table.columns.end(), {Number, Number});
    }
    table.titles.emplace_back("tokens /s");
    table.columns.push_back(Number);
    const std::vector<const LadderScore*> score_of = first_scores(ladder, scores);
    for (std::size_t i = 0; i < ladder.models.size(); ++i) {
        const LadderModel& model = ladder.models[i];
        const bool compared = model.divergence && i != 0;
        std::vector<std::string> row = {name_text(model.variant),
                                        size_text(model.file_bytes),
                                        fmt::format("{:.2f}", model.bits_per_weight()),
                                        compared ? digits(model.divergence->kl.value) : kNone,
                                        compared ? error_text(model.divergence->kl.standard_error) : kNone,
                                        compared ? number(model.divergence->same_top.value) : kNone};
        if (!scores.empty()) {
            row.push_back(score_of[i] == nullptr ? kNone : number(score_of[i]->metric->value));
            row.push_back(flips_text(score_of[i]));
        }
        row.push_back(rate_text(model.answer_rate));
        add_row(table, std::move(row), 0);
    }
    return table;
}

// This table and the next two are as narrow as that because a terminal of 80 columns shows wider ones in blocks.
Table divergence_table(const data::Ladder& ladder) {
    using enum Column;
    Table table{
        .heading = "Ladder: divergence by token",
        .caption = fmt::format("KL divergence from {} in nats: the 95 % interval of its mean, and the values that "
                               "half, 90 %, 99 % and 99.9 % of the tokens do not exceed.",
                               ladder.models.front().variant),
        .titles = {"model", "mean, 95 % interval", "median", "90 %", "99 %", "99.9 %", "max"},
        .columns = {Key, Number, Number, Number, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    add_rows(ladder, table, [&ladder](const LadderModel& model, const Divergence& found) -> std::vector<std::string> {
        if (is_reference(ladder, model)) return {kNone, kNone, kNone, kNone, kNone, kNone};
        const auto& ci95 = found.kl.ci95;
        return {ci95 ? short_digits(ci95->low) + " to " + short_digits(ci95->high) : kNone,
                short_digits(found.kl_median),
                short_digits(found.kl_p90),
                short_digits(found.kl_p99),
                short_digits(found.kl_p999),
                short_digits(found.kl_max)};
    });
    return table;
}

Table probability_table(const data::Ladder& ladder) {
    using enum Column;
    Table table{.heading = "Ladder: perplexity and probabilities",
                .caption =
                    "Perplexity of the text and its ratio to the reference's; mean change of the probability of the "
                    "text's own token, and its root mean square. Standard errors by window.",
                .titles = {"model", "perplexity", "std. error", "ratio", "std. error", "change", "std. error", "RMS"},
                .columns = {Key, Number, Number, Number, Number, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    add_rows(ladder, table, [&ladder](const LadderModel& model, const Divergence& found) -> std::vector<std::string> {
        std::vector<std::string> cells = {fmt::format("{:.5g}", found.perplexity.value),
                                          error_text(found.perplexity.standard_error)};
        if (is_reference(ladder, model)) {
            cells.insert(cells.end(), 5, kNone);
        } else {
            cells.insert(
                cells.end(),
                {number(found.perplexity_ratio.value), error_text(found.perplexity_ratio.standard_error),
                 short_digits(found.probability_change.value), error_text(found.probability_change.standard_error),
                 short_digits(found.probability_change_rms.value)});
        }
        return cells;
    });
    return table;
}

Table score_flip_table(const data::Ladder& ladder, const std::vector<LadderScore>& scores) {
    using enum Column;
    Table table{.heading = "Ladder: scores and flips",
                .caption = fmt::format("Paired with the run of {} item by item: the change with its standard error, "
                                       "items won (now right) and lost (now wrong), McNemar's exact p, and n items.",
                                       ladder.models.front().variant),
                .titles = {"task and metric", "model", "value", "change", "std. error", "won", "lost", "p", "n"},
                .columns = {Key, Key, Number, Number, Number, Number, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    for (const LadderScore& score : scores) {
        const auto& paired = score.paired;
        const bool are_flips = score.flips().has_value();
        add_row(table,
                {name_text(score.task->task + " " + score.metric->name), name_text(ladder.models[score.model].variant),
                 number(score.metric->value), paired ? signed_number(paired->difference) : kNone,
                 paired ? number(paired->standard_error) : kNone, are_flips ? std::to_string(paired->higher_b) : kNone,
                 are_flips ? std::to_string(paired->higher_a) : kNone, paired ? probability(paired->mcnemar_p) : kNone,
                 paired ? std::to_string(paired->items) : kNone},
                0);
    }
    return table;
}

Table file_table(const data::Ladder& ladder) {
    using enum Column;
    Table table{
        .heading = "Ladder: files and speed",
        .caption = fmt::format("Bytes of the files; tokens per second of one prompt and of one answer, each alone "
                               "in its batch, the best of three passes. {}, numerics {}.",
                               ladder.device, ladder.numerics),
        .titles = {"model", "type", "file bytes", "bits per weight", "prompt tokens/s", "answer tokens/s"},
        .columns = {Key, Text, Number, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    for (const LadderModel& model : ladder.models) {
        add_row(table,
                {name_text(model.variant), model.quantisation, std::to_string(model.file_bytes),
                 fmt::format("{:.3f}", model.bits_per_weight()), rate_text(model.prompt_rate),
                 rate_text(model.answer_rate)},
                0);
    }
    return table;
}

}  // namespace

std::vector<std::string> ladder_warnings(const data::Ladder& ladder) {
    std::vector<std::string> warnings;
    const LadderModel& reference = ladder.models.front();
    for (const LadderModel& model : ladder.models) {
        if (!model.failure.empty()) warnings.push_back(model.variant + " failed: " + model.failure);
        if (model.bits_per_weight() > reference.bits_per_weight()) {
            warnings.push_back(
                fmt::format("{} has more bits per weight than the reference, {}", model.variant, reference.variant));
        }
        if (model.parameters != reference.parameters) {
            warnings.push_back(
                fmt::format("{} has {} parameters and the reference {}: they are not one model at two "
                            "quantisations",
                            model.variant, model.parameters, reference.parameters));
        }
    }
    if (ladder.windows == 1)
        warnings.emplace_back(
            "The text fills one window only, so that no number has an error: take a longer text or a shorter --window");
    return warnings;
}

std::vector<Table> ladder_tables(const data::Report& report) {
    const data::Ladder& ladder = *report.ladder;
    const std::vector<LadderScore> scores = ladder_scores(report);
    std::vector<Table> tables = {overview_table(ladder, scores), divergence_table(ladder), probability_table(ladder)};
    if (!scores.empty()) tables.push_back(score_flip_table(ladder, scores));
    tables.push_back(file_table(ladder));
    return tables;
}

}  // namespace reports::sections
