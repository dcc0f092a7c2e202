#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/agreement_print.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/scoring/compare_runs.hpp"
#include "harness/store/score_store.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using reports::statistics::BootstrapMean;
using reports::statistics::JudgedPair;
using reports::statistics::PairwiseSummary;
using scoring::ComparedTask;

struct JudgeCompareOptions {
    std::string run_a;
    std::string run_b;
    std::string judge;
    ScorerOptions scorers{.template_kind = TemplateKind::Pairwise, .judge_template = "helpful"};
    std::string database;
    bool json = false;
};

/// A summary of some tasks, with the name of its row.
struct Row {
    std::string name;
    PairwiseSummary summary;
};

/// One row a task, then one for all tasks if there are several. Tasks without pairs have none.
std::vector<Row> rows_of(const std::vector<ComparedTask>& tasks) {
    std::vector<Row> rows;
    std::vector<JudgedPair> all;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> prompts;  // of a task and document
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        if (tasks[task].pairs.empty()) continue;
        rows.push_back({tasks[task].task, reports::statistics::pairwise_summary(tasks[task].pairs)});
        for (JudgedPair pair : tasks[task].pairs) {
            pair.prompt = prompts.try_emplace({task, pair.prompt}, prompts.size()).first->second;
            all.push_back(pair);
        }
    }
    if (rows.size() > 1) rows.push_back({"all tasks", reports::statistics::pairwise_summary(all)});
    return rows;
}

json to_json(const BootstrapMean& mean) {
    json value = {{"value", mean.value}, {"ci95", nullptr}};
    if (mean.ci95) value["ci95"] = {mean.ci95->low, mean.ci95->high};
    return value;
}

json to_json(const Row& row) {
    const PairwiseSummary& summary = row.summary;
    return {{"task", row.name},
            {"pairs", summary.pairs},
            {"prompts", summary.prompts},
            {"wins", summary.wins},
            {"ties", summary.ties},
            {"losses", summary.losses},
            {"win", to_json(summary.win)},
            {"tie", to_json(summary.tie)},
            {"loss", to_json(summary.loss)},
            {"score", to_json(summary.score)},
            {"preference", to_json(summary.preference)},
            {"first_preferred", to_json(summary.first)},
            {"consistent", to_json(summary.consistent)},
            {"sign_test_p", summary.sign_p ? json(*summary.sign_p) : json(nullptr)}};
}

json to_json(const std::vector<ComparedTask>& tasks) {
    json list = json::array();
    for (const ComparedTask& task : tasks) {
        list.push_back({{"task", task.task},
                        {"documents", task.documents},
                        {"judged", task.judged},
                        {"found", task.found},
                        {"without_value", task.without_value},
                        {"first_reason", task.first_reason}});
    }
    return list;
}

std::string mean_text(const BootstrapMean& mean) {
    if (!mean.ci95) return fmt::format("{:.1f}", 100 * mean.value);
    return fmt::format("{:.1f} ({:.1f} to {:.1f})", 100 * mean.value, 100 * mean.ci95->low, 100 * mean.ci95->high);
}

void print_rows(const std::vector<Row>& rows) {
    Table table = table_of({{"task", Column::Key},
                            {"pairs", Column::Number},
                            {"a wins %", Column::Text},
                            {"ties %", Column::Text},
                            {"b wins %", Column::Text},
                            {"a's score %", Column::Text},
                            {"first shown preferred %", Column::Text},
                            {"same in both orders %", Column::Text},
                            {"sign test p", Column::Number}});
    for (const auto& [name, summary] : rows) {
        table.rows.push_back({name, std::to_string(summary.pairs), mean_text(summary.win), mean_text(summary.tie),
                              mean_text(summary.loss), mean_text(summary.score), mean_text(summary.first),
                              mean_text(summary.consistent),
                              summary.sign_p ? fmt::format("{:.4f}", *summary.sign_p) : ""});
    }
    print_table(table, kWideColumns);
}

/// A judge that prefers whatever is shown first is worth little, which must be said before its verdict.
void print_bias(const PairwiseSummary& all) {
    if (!all.first.ci95 || (all.first.ci95->low <= 0.5 && all.first.ci95->high >= 0.5)) return;
    print_paragraph(
        fmt::format("The judge has a position bias: its mean preference for the answer shown {} is {}; both "
                    "orders were asked, so the bias makes ties, not wins.",
                    all.first.value > 0.5 ? "first" : "second",
                    percent(all.first.value > 0.5 ? all.first.value : 1 - all.first.value)));
}

void print_comparison(const std::vector<ComparedTask>& tasks, const std::vector<Row>& rows) {
    for (const ComparedTask& task : tasks) {
        print("{}: {} documents judged, {} were judged before\n", task.task, task.judged, task.found);
        if (task.without_value > 0) {
            print_paragraph(
                fmt::format("  {} pairs without a preference; the first: {}", task.without_value, task.first_reason));
        }
    }
    if (rows.empty()) return;
    print("\n");
    print_bias(rows.back().summary);
    print_rows(rows);
    print_paragraph(
        "a wins where it is preferred in both orders; the score counts ties half. 95 % intervals: bootstrap over "
        "prompts.");
}

ExitCode judge_runs(const JudgeCompareOptions& options) {
    check_template(options.scorers);
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    const store::RunRow a = resolve(runs, options.run_a);
    const store::RunRow b = resolve(runs, options.run_b);
    std::vector<ComparedTask> tasks;
    std::string agreement;
    with_judge(options.judge, options.scorers, [&](const scoring::JudgeModel& judge, ProgressBar& bar) {
        std::uint64_t fresh = 0;
        scoring::CompareWork work;
        work.on_progress = [&](const std::string& task, std::uint64_t done, std::uint64_t total) {
            bar.update(task, done, total, fresh += work.batch);
            stop_if_interrupted("the judgements so far are stored. Run the same command again to continue");
        };
        tasks = scoring::compare_runs(database, a, b, judge, work);
        agreement = agreement_text(database, store::ScoreStore(database).add_scorer(judge.identity()),
                                   fmt::format("bellwether judge eval --with judge:{} --judge-template {} --pairs FILE",
                                               options.judge, options.scorers.judge_template));
    });
    const std::vector<Row> rows = rows_of(tasks);
    if (!options.json) {
        print("a: run {}, {}\nb: run {}, {}\n\n", a.id, a.variant, b.id, b.variant);
        print_comparison(tasks, rows);
        print_paragraph("The judge: " + agreement);
        return ExitCode::Done;
    }
    json results = json::array();
    for (const Row& row : rows) results.push_back(to_json(row));
    print_json({{"a", {{"run", a.id}, {"variant", a.variant}}},
                {"b", {{"run", b.id}, {"variant", b.variant}}},
                {"judge", options.judge},
                {"template", options.scorers.judge_template},
                {"judge_agreement", agreement},
                {"tasks", to_json(tasks)},
                {"results", results}});
    return ExitCode::Done;
}

}  // namespace

void add_judge_compare(Verb& judge) {
    Verb& verb = judge.verb("compare", "Which of two runs gives the better answers, by a model that sees both orders");
    auto& options = verb.command(judge_runs);
    verb.argument("RUN-A", text_not_empty(options.run_a), kRunHelp).required();
    verb.argument("RUN-B", text_not_empty(options.run_b), kRunHelp).required();
    verb.option("--judge", "MODEL", text_not_empty(options.judge), kModelHelp).required().of_its_verb();
    verb.option("--judge-template", "NAME", text_not_empty(options.scorers.judge_template),
                "What the judge is asked: helpful (default; which answer is more helpful?), or a .json file of your "
                "own")
        .of_its_verb();
    chat_format_option(verb, options.scorers.chat_format);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    engine_options(verb, options.scorers.engine);
    verb.note(
        "Each pair of answers to one document is judged twice, with either answer first. Judgements are stored; a call "
        "that was stopped goes on where it was.");
    verb.example("bellwether judge compare 1 2 --judge llama-2-7b-chat.gguf");
}

}  // namespace harness::cli
