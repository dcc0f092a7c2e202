#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/scoring/distil.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using reports::statistics::BootstrapMean;
using scoring::DistilledTask;
using scoring::DistilSummary;
using scoring::PrepromptedAnswer;

struct RewardDistilOptions {
    std::string plain;
    std::string preprompted;
    std::string reward;
    ScorerOptions scorers;
    std::string out;
    std::string database;
    bool json = false;
};

json to_json(const BootstrapMean& mean) {
    json value = {{"value", mean.value}, {"ci95", nullptr}};
    if (mean.ci95) value["ci95"] = {mean.ci95->low, mean.ci95->high};
    return value;
}

json to_json(const DistilSummary::Answers& answers) {
    return {{"reward", to_json(answers.reward)},
            {"median_probability", answers.median_probability},
            {"refusals", to_json(answers.refusals)}};
}

json to_json(const DistilledTask& task) {
    json value = {{"task", task.task}, {"pairs", task.answers.size()}, {"without_reward", task.without_reward}};
    if (task.answers.empty()) return value;
    const DistilSummary summary = scoring::summarise(task.answers);
    value["plain"] = to_json(summary.plain);
    value["preprompted"] = to_json(summary.preprompted);
    value["distilled"] = to_json(summary.distilled);
    value["taken"] = to_json(summary.taken);
    value["reward_shift"] = to_json(summary.reward_shift);
    value["preprompt_shift"] = to_json(summary.preprompt_shift);
    value["refusal_shift"] = to_json(summary.refusal_shift);
    return value;
}

/// A line of the file of chosen answers.
json to_json(const std::string& task, const PrepromptedAnswer& answer) {
    json turns = json::array();
    for (const suites::Message& turn : answer.turns)
        turns.push_back({{"role", suites::to_string(turn.role)}, {"content", turn.content}});
    const bool takes = answer.takes_preprompted();
    return {{"task", task},
            {"doc", answer.doc},
            {"turns", std::move(turns)},
            {"answer", takes ? answer.preprompted : answer.plain},
            {"source", takes ? "preprompt" : "plain"},
            {"reward_plain", answer.plain_reward},
            {"reward_preprompt", answer.preprompted_reward}};
}

void write_answers(base::OutputFile& out, const std::vector<DistilledTask>& tasks) {
    for (const DistilledTask& task : tasks) {
        for (const PrepromptedAnswer& answer : task.answers)
            out.write(base::json_text(to_json(task.task, answer)) + "\n");
    }
    out.finish();
}

std::string mean_text(const BootstrapMean& mean, double factor, int digits) {
    std::string value = fmt::format("{:.{}f}", factor * mean.value, digits);
    if (!mean.ci95) return value;
    return fmt::format("{} ({:.{}f} to {:.{}f})", value, factor * mean.ci95->low, digits, factor * mean.ci95->high,
                       digits);
}

void print_task(const DistilledTask& task) {
    print_heading(task.task);
    if (task.without_reward > 0) print("{} pairs of answers without a reward are left out\n", task.without_reward);
    if (task.answers.empty()) return;
    const DistilSummary summary = scoring::summarise(task.answers);
    Table table = table_of({{"answers", Column::Text},
                            {"mean reward", Column::Text},
                            {"median probability", Column::Number},
                            {"refusals %", Column::Text}});
    const auto add = [&table](const char* name, const DistilSummary::Answers& answers) {
        table.rows.push_back({name, mean_text(answers.reward, 1, 3), fmt::format("{:.3f}", answers.median_probability),
                              mean_text(answers.refusals, 100, 1)});
    };
    add("plain", summary.plain);
    add("with the preprompt", summary.preprompted);
    add("distilled", summary.distilled);
    print_table(table, kWideColumns);
    print_facts({{"taken", mean_text(summary.taken, 100, 1) + " % of the preprompted answers"},
                 {"reward shift", mean_text(summary.reward_shift, 1, 3) + ", distilled - plain; without the choice " +
                                      mean_text(summary.preprompt_shift, 1, 3)},
                 {"refusal shift", mean_text(summary.refusal_shift, 100, 1) + " points, distilled - plain"}},
                18);
}

ExitCode distil(const RewardDistilOptions& options) {
    if (!options.reward.starts_with("reward:") || scorer_names(options.reward).size() != 1)
        throw base::UsageError("--with: expected reward:NAME or reward:FILE.gguf");
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    const store::RunRow plain = resolve(runs, options.plain);
    const store::RunRow preprompted = resolve(runs, options.preprompted);
    if (plain.id == preprompted.id)
        throw base::UsageError("both runs are the same; name one without and one with the preprompt");
    std::optional<base::OutputFile> out;
    if (!options.out.empty()) out.emplace(options.out);
    std::vector<DistilledTask> tasks;
    const auto work = [&](scoring::Scorer& scorer, ProgressBar& bar) {
        tasks = scoring::distil(
            database, plain, preprompted, scorer,
            [&](const std::string& task, std::uint64_t done, std::uint64_t total) {
                bar.update(task, done, total, done);
                stop_if_interrupted("the rewards so far are stored. Run the same command again to continue");
            });
    };
    with_scorer(
        options.reward, options.scorers, [&]() -> const store::Database& { return database; }, work);
    if (out) write_answers(*out, tasks);
    const std::string trust = trust_of(options.reward, database);
    if (options.json) {
        json list = json::array();
        for (const DistilledTask& task : tasks) list.push_back(to_json(task));
        print_json({{"plain", plain.id},
                    {"preprompted", preprompted.id},
                    {"reward", options.reward},
                    {"trust", trust},
                    {"tasks", std::move(list)}});
        return ExitCode::Done;
    }
    if (!trust.empty()) print_paragraph(trust);
    for (const DistilledTask& task : tasks) print_task(task);
    print_paragraph(
        "A preprompted answer is taken only where its reward, as an answer to the prompt without the preprompt, is "
        "higher. That choice alone raises the mean reward; refusals of harmless prompts (borderline sets) are its "
        "cost.");
    return ExitCode::Done;
}

}  // namespace

void add_reward_distil(Verb& reward) {
    Verb& verb =
        reward.verb("distil", "What a safety preprompt is worth: answers taken where the reward model prefers them");
    auto& options = verb.command(distil);
    verb.argument("RUN-PLAIN", text_not_empty(options.plain), "Run without the preprompt").required();
    verb.argument("RUN-PREPROMPT", text_not_empty(options.preprompted),
                  "Run of the same prompts with it (bellwether run --system)")
        .required();
    verb.option("--with", "reward:NAME", text_not_empty(options.reward),
                "Reward model of this database, or reward:FILE.gguf with a scalar head; needed")
        .of_its_verb();
    verb.option("--out", "FILE.jsonl", text_not_empty(options.out), "Writes the answers that are taken, one a line")
        .of_its_verb();
    verb.option("--backbone", "MODEL", text_not_empty(options.scorers.backbone),
                "Backbone of the reward model (default: the MODEL that it was trained with)")
        .of_its_verb();
    chat_format_option(verb, options.scorers.chat_format);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    engine_options(verb, options.scorers.engine);
    verb.example("bellwether reward distil 1 2 --with reward:harmless --out distilled.jsonl");
}

}  // namespace harness::cli
