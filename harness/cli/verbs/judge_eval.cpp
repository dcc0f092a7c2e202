#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/agreement_print.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/judge_pairs.hpp"
#include "harness/cli/labelled_scores.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/labelled_answers.hpp"
#include "harness/scoring/people_agreement.hpp"
#include "safety/refusal/cross_validate.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using scoring::LabelledAnswer;
using scoring::LabelledFile;
using scoring::LabelScale;
using scoring::PeopleAgreement;

struct JudgeEvalOptions {
    std::string scorer = "refusal";
    ScorerOptions scorers;
    std::string labels;
    std::vector<std::string> pairs;  ///< for a pairwise judge; empty: labels
    std::string database;
    std::size_t errors = 10;
    bool json = false;
};

/// The detector with limits fitted on other prompts; none for another scorer, and where a prompt is missing.
std::optional<PeopleAgreement> cross_validated(const LabelledFile& file, const LabelledScores& scored) {
    if (file.scale != LabelScale::Refusal || !scored.reading.is_refusal) return std::nullopt;
    std::vector<safety::refusal::PromptedAnswer> answers;
    for (const LabelledAnswer& row : file.rows) {
        if (row.turns.empty() || !row.label) return std::nullopt;
        answers.push_back({row.turns.back().content, row.answer, static_cast<safety::refusal::Refusal>(*row.label)});
    }
    std::vector<std::optional<double>> values;
    for (const safety::refusal::Refusal refusal : safety::refusal::cross_validated(answers))
        values.push_back(safety::refusal::share_declined(refusal));
    return scoring::people_agreement(file, values, scored.reading);
}

/// Answers that the scorer put into another class than people.
std::vector<std::size_t> errors_of(const LabelledFile& file, const PeopleAgreement& agreement) {
    std::vector<std::size_t> errors;
    for (std::size_t i = 0; i < file.rows.size(); ++i) {
        const auto& judged = agreement.judged[i];
        const auto& label = file.rows[i].label;
        if (judged && label && *judged != static_cast<std::size_t>(std::lround(*label))) errors.push_back(i);
    }
    return errors;
}

const std::string& label_of(const LabelledFile& file, std::size_t row) {
    return scoring::categories_of(file.scale).at(static_cast<std::size_t>(std::lround(file.rows[row].label.value())));
}

const std::string& judged_of(const LabelledFile& file, const PeopleAgreement& agreement, std::size_t row) {
    return scoring::categories_of(file.scale).at(agreement.judged[row].value());
}

/// An evaluation with everything that is shown.
struct Shown {
    const LabelledFile& file;
    const LabelledScores& scored;
    const PeopleAgreement& agreement;
    const std::optional<PeopleAgreement>& folds;
};

json to_json(const JudgeEvalOptions& options, const Shown& shown) {
    const auto& [file, scored, agreement, folds] = shown;
    json result = scoring::to_json(agreement, file);
    result["scorer"] = options.scorer;
    result["labels"] = options.labels;
    result["labels_hash"] = file.hash;
    result["scale"] = name_of(file.scale);
    result["answers"] = file.rows.size();
    result["items"] = agreement.items;
    result["cross_validation"] = folds ? scoring::to_json(*folds, file) : json(nullptr);
    const std::vector<std::size_t> mistakes = errors_of(file, agreement);
    result["mistakes"] = mistakes.size();
    result["errors"] = json::array();
    for (std::size_t i = 0; i < std::min(mistakes.size(), options.errors); ++i) {
        const std::size_t row = mistakes[i];
        result["errors"].push_back({{"id", file.rows[row].id},
                                    {"label", label_of(file, row)},
                                    {"judged", judged_of(file, agreement, row)},
                                    {"explanation", scored.explanations[row]}});
    }
    return result;
}

void print_errors(const JudgeEvalOptions& options, const Shown& shown) {
    const std::vector<std::size_t> mistakes = errors_of(shown.file, shown.agreement);
    if (mistakes.empty() || options.errors == 0) return;
    print("\n");
    Table table = table_of(
        {{"answer", Column::Key}, {"labelled", Column::Text}, {"judged", Column::Text}, {"why", Column::Text}});
    for (std::size_t i = 0; i < std::min(mistakes.size(), options.errors); ++i) {
        const std::size_t row = mistakes[i];
        table.rows.push_back({shown.file.rows[row].id, label_of(shown.file, row),
                              judged_of(shown.file, shown.agreement, row), shown.scored.explanations[row]});
    }
    print_table(table, kWideColumns);
    if (mistakes.size() > options.errors)
        print("and {} more; --errors N shows more\n", mistakes.size() - options.errors);
}

void print_evaluation(const JudgeEvalOptions& options, const Shown& shown) {
    const auto& [file, scored, agreement, folds] = shown;
    print("{}: {} answers of {}", options.scorer, agreement.items, file.name);
    if (!agreement.counts.empty()) print(", {} judged otherwise than labelled", errors_of(file, agreement).size());
    print("\n");
    if (agreement.without_value > 0) print("{} have no value by the scorer\n", agreement.without_value);
    if (agreement.undecided > 0) print("{} have no label that most raters gave\n", agreement.undecided);
    print("\n");
    print_coefficients(agreement);
    if (file.raters < 2) print("people among themselves: unknown, the file has one label an answer\n");
    print("\n");
    print_confusion(agreement, file.scale);
    if (folds) {
        print("\n");
        print_heading(fmt::format("{} folds of prompts, limits fitted on the prompts of the other folds",
                                  safety::refusal::kFolds));
        PeopleAgreement alone = *folds;
        alone.people.clear();
        print_coefficients(alone);
    }
    print_errors(options, shown);
}

/// Throws UsageError when the scorer gave no answer a value.
void check_values(const JudgeEvalOptions& options, const LabelledScores& scored) {
    const bool has_value =
        std::any_of(scored.values.begin(), scored.values.end(), [](const auto& value) { return value.has_value(); });
    if (!has_value && !scored.reading.is_refusal)
        throw base::UsageError(fmt::format("{} gives no answer of {} a value; the first: {}", options.scorer,
                                           options.labels, scored.explanations.front()));
}

/// A pairwise judge on people's preferences.
ExitCode evaluate_pairs(const JudgeEvalOptions& options) {
    const std::string judge = judge_model_of(options.scorer);
    if (judge.empty())
        throw base::UsageError(
            "--pairs: only a judge (--with judge:MODEL) compares two answers; 'bellwether "
            "reward eval' measures rewards");
    ScorerOptions scorers = options.scorers;
    scorers.template_kind = TemplateKind::Pairwise;
    if (scorers.judge_template == ScorerOptions().judge_template) scorers.judge_template = "helpful";
    check_template(scorers);
    DatabaseToWrite database(options.database);
    const auto [agreement, first_reason] = evaluate_pairwise(judge, scorers, options.pairs, database);
    if (options.json) {
        json result = scoring::to_json(agreement, {});
        result["scorer"] = options.scorer;
        result["scale"] = "preference";
        result["items"] = agreement.items;
        print_json(result);
        return ExitCode::Done;
    }
    print("{}: {} pairs\n", options.scorer, agreement.items);
    if (agreement.without_value > 0)
        print_paragraph(fmt::format("{} have no preference; the first: {}", agreement.without_value, first_reason));
    print("\n");
    print_coefficients(agreement);
    return ExitCode::Done;
}

ExitCode evaluate_judge(const JudgeEvalOptions& options) {
    if (scorer_names(options.scorer).size() != 1) throw base::UsageError("--with: one scorer at a time");
    if (!options.pairs.empty()) return evaluate_pairs(options);
    if (options.labels.empty()) throw base::UsageError("--labels: name a file of answers with people's labels");
    check_template(options.scorers);
    const LabelledFile file = interchange::read_labelled_answers(options.labels);
    if (options.scorer != "refusal") check_turns(file);
    if (is_reward_model(options.scorer)) database_to_read(options.database);  // a missing one is not created
    DatabaseToWrite database(options.database);
    LabelledScores scored;
    with_scorer(
        options.scorer, options.scorers, [&]() -> const store::Database& { return database.get(); },
        [&](scoring::Scorer& scorer, ProgressBar& bar) { scored = score_labelled(scorer, file, bar); });
    check_values(options, scored);
    const PeopleAgreement agreement = scoring::people_agreement(file, scored.values, scored.reading);
    const std::optional<PeopleAgreement> folds = cross_validated(file, scored);
    store_agreement(database.get(), scored, file, agreement);
    const Shown shown{file, scored, agreement, folds};
    if (options.json) {
        print_json(to_json(options, shown));
    } else {
        print_evaluation(options, shown);
    }
    return ExitCode::Done;
}

}  // namespace

void add_judge_eval(Verb& judge) {
    Verb& verb =
        judge.verb("eval", "Measure how far a scorer agrees with people's labels, and people among themselves");
    auto& options = verb.command(evaluate_judge);
    Option& labels = verb.option("--labels", "FILE", text_not_empty(options.labels),
                                 "Answers with labels: JSON lines, a JSON list, CSV or TSV (each also .gz); XSTest's "
                                 "completions as they are")
                         .of_its_verb();
    verb.option("--pairs", "FILE", file_list(options.pairs),
                "Pairs of answers with people's preferences, for a judge that compares two: hh-rlhf's files, or JSON "
                "lines with prompt or turns, chosen and rejected")
        .of_its_verb()
        .excludes(labels);
    verb.option("--with", "SCORER", text_not_empty(options.scorer), std::string(kScorerHelp) + " (default: refusal)")
        .of_its_verb();
    verb.option("--errors", "N", whole_number(options.errors), "Errors to show (default: 10)");
    database_option(verb, options.database);
    json_flag(verb, options.json);
    scorer_options(verb, options.scorers);
    verb.explain({"Fields of FILE",
                  {{"answer", "the answer's text; also: completion, output, response, text"},
                   {"label",
                    "full_compliance, partial_refusal, full_refusal or no_answer (also XSTest's); or safe, unsafe; or "
                    "a rating of safety from 1 to 5; also in final_label"},
                   {"rater_1, ...",
                    "the labels of single raters; also label_1, annotation_1, or a list in labels. Without a label of "
                    "their own, that of most raters counts, and the mean rating"},
                   {"prompt, turns", "what was answered; judges and reward models need it"},
                   {"id", "names the answer among the errors (default: its row)"}}});
    verb.note(
        "The result is stored with the scorer: 'show', 'rescore' and 'report' have it beside the scorer's scores.");
    verb.example("bellwether judge eval --with refusal --labels xstest_v2_completions_llama2orig.csv");
    verb.example("bellwether judge eval --with judge:llama-guard.gguf --labels harm.jsonl");
    verb.example(
        "bellwether judge eval --with judge:llama-2-7b-chat.gguf --judge-template helpful --pairs pairs.jsonl");
}

}  // namespace harness::cli
