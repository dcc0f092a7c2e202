#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/gate_groups.hpp"
#include "harness/cli/gate_inputs.hpp"
#include "harness/cli/gate_policy.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/sequential_gate.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/baseline.hpp"
#include "reports/formats/gate.hpp"
#include "reports/formats/prometheus.hpp"
#include "reports/gate/joined_runs.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"

namespace harness::cli {
namespace {

using reports::data::RunView;

struct GateOptions {
    std::vector<std::string> runs;
    std::string database;
    std::string baseline;
    std::string policy;
    std::string init;
    std::string junit;
    std::string markdown;
    std::string prometheus;
    double changing = 10;
    bool strict = false;
    bool expect_identical = false;
    bool power = false;
    bool sequential = false;
    std::size_t looks = 10;
    bool json = false;
};

std::optional<RunView> stored_run(const GateOptions& options) {
    return gate_run(options.database, options.runs);
}

std::optional<RunView> stored_baseline(const GateOptions& options) {
    if (options.baseline.empty()) return std::nullopt;
    return results::parse_baseline(base::read_file(options.baseline), options.baseline);
}

reports::data::GatePolicy policy_of(const GateOptions& options, const RunView& baseline) {
    reports::data::GatePolicy policy;
    if (!options.policy.empty()) policy = parse_policy(base::read_file(options.policy), options.policy);
    const suites::Catalog catalog = task_catalog();
    if (policy.rules.empty()) policy.rules = default_rules(baseline, catalog);
    resolve_names(policy.rules, baseline, catalog, options.policy);
    if (options.runs.size() > 1) policy.may_differ.emplace_back(reports::gate::kRepeatSetting);
    if (options.strict) policy.strictness = reports::data::Strictness::Strict;
    return policy;
}

/// Prints a value as JSON, or for the terminal.
template <class Value>
void print_as(const Value& value, bool as_json) {
    if (as_json) {
        print_json_text(reports::formats::render_json(value));
    } else {
        print_trusted(reports::formats::render_terminal(value, table_width()));
    }
}

ExitCode write_policy(const GateOptions& options) {
    base::OutputFile out(options.init);
    std::optional<RunView> run = stored_run(options);
    if (!run) run = stored_baseline(options);
    if (!run) throw base::UsageError("--init needs a RUN, or --baseline, whose suites the policy names");
    out.write(policy_text(default_rules(*run, task_catalog()), *run));
    out.finish();
    if (options.init != "-") print("{}\n", options.init);
    return ExitCode::Done;
}

ExitCode show_power(const GateOptions& options, const RunView& baseline) {
    const std::optional<RunView> run = stored_run(options);
    constexpr double kPercent = 100;
    const reports::data::GatePolicy policy = policy_of(options, baseline);
    print_as(reports::gate::gate_power(baseline, run ? &*run : nullptr, policy, options.changing / kPercent,
                                       gate_studies(options.database, policy, baseline)),
             options.json);
    return ExitCode::Done;
}

ExitCode expect_identical(const GateOptions& options, const RunView& baseline, const RunView& run) {
    if (options.runs.size() > 1) throw base::UsageError("--expect-identical takes one RUN");
    const std::vector<reports::data::ChangedItem> changed = reports::gate::changed_items(baseline, run);
    print_as(changed, options.json);
    const bool only_missing = std::all_of(changed.begin(), changed.end(),
                                          [](const auto& item) { return item.what == std::string("missing"); });
    if (changed.empty()) return ExitCode::Done;
    return only_missing ? ExitCode::WorkFailed : ExitCode::CheckFailed;
}

ExitCode gate(const GateOptions& options) {
    if (!options.init.empty()) return write_policy(options);
    if (options.baseline.empty())
        throw base::UsageError("--baseline is missing: a file that 'bellwether baseline RUN --out FILE' wrote");
    std::optional<base::OutputFile> junit;
    std::optional<base::OutputFile> markdown;
    std::optional<base::OutputFile> prometheus;
    if (!options.junit.empty()) junit.emplace(options.junit);
    if (!options.markdown.empty()) markdown.emplace(options.markdown);
    if (!options.prometheus.empty()) prometheus.emplace(options.prometheus);
    const RunView baseline = *stored_baseline(options);
    if (options.power) return show_power(options, baseline);
    const std::optional<RunView> run = stored_run(options);
    if (!run) throw base::UsageError("RUN is missing: the run to judge");
    if (options.expect_identical) return expect_identical(options, baseline, *run);
    if (options.sequential && options.runs.size() > 1) throw base::UsageError("--sequential takes one RUN");
    const reports::data::GatePolicy policy = policy_of(options, baseline);
    reports::data::GateVerdict verdict =
        options.sequential
            ? judge_stored(baseline, *run, policy, options.looks).verdict
            : reports::gate::judge(baseline, *run, policy, gate_studies(options.database, policy, baseline));
    if (options.runs.size() > 1) verdict.run = repeats_name(*run, options.database, options.runs);
    if (junit) {
        junit->write(reports::formats::render_junit(verdict));
        junit->finish();
    }
    if (markdown) {
        markdown->write(reports::formats::render_markdown(verdict));
        markdown->finish();
    }
    if (prometheus) {
        prometheus->write(reports::formats::render_prometheus(verdict));
        prometheus->finish();
    }
    print_as(verdict, options.json);
    return static_cast<ExitCode>(reports::gate::exit_code(verdict));
}

}  // namespace

void add_gate(Verb& root) {
    Verb& verb = root.verb("gate", "Whether a run is worse than a baseline, for continuous integration");
    auto& options = verb.command(gate);
    verb.arguments("RUN", texts(options.runs),
                   "The run to judge: its number, the start of its plan hash, or 'latest'. Several: repeats of one run "
                   "with other seeds, of which an item's mean counts");
    verb.option("--baseline", "FILE", text_not_empty(options.baseline), "File of 'bellwether baseline'").of_its_verb();
    Option& policy = verb.option("--policy", "FILE", text_not_empty(options.policy),
                                 "Suites, safety pairs, human ratings, tiers, margins and tests; without one every "
                                 "task's first metric may not drop");
    Option& strict = verb.flag("--strict", truth(options.strict),
                               "Fail unless the absence of a larger drop than the margin is proven");
    Option& sequential = verb.flag("--sequential", truth(options.sequential),
                                   "Judge look by look a run of 'run --sequential', which has only some of the items");
    looks_option(verb, options.looks).needs(sequential);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.heading("Output");
    Option& junit = verb.option("--junit", "FILE", text_not_empty(options.junit), "The verdict as JUnit XML");
    Option& markdown = verb.option("--markdown", "FILE", text_not_empty(options.markdown),
                                   "The verdict for a job's summary or a comment");
    Option& prometheus = verb.option("--prometheus", "FILE", text_not_empty(options.prometheus),
                                     "The verdict for the textfile collector of node_exporter");
    verb.heading("Other uses");
    Option& identical = verb.flag("--expect-identical", truth(options.expect_identical),
                                  "No statistics: fail when any item was asked, answered or scored differently")
                            .of_its_verb();
    Option& power =
        verb.flag("--power", truth(options.power),
                  "Only say how likely the gate is to catch drops of 1, 2, 3 and 5 points; RUN may be left out");
    verb.option("--changing", "PERCENT", real_number(options.changing, 0.01, 100),
                "With --power and no RUN: share of the scores that change between two runs (default: 10)")
        .needs(power);
    Option& init = verb.option("--init", "FILE", text_not_empty(options.init),
                               "Only write a policy with the suites of RUN, or of the baseline");
    for (Option* other : {&policy, &strict, &junit, &markdown, &prometheus, &power, &sequential})
        other->excludes(identical);
    for (Option* other : {&policy, &strict, &junit, &markdown, &prometheus, &power, &identical, &sequential})
        other->excludes(init);
    for (Option* other : {&junit, &markdown, &prometheus, &sequential}) other->excludes(power);
    verb.example("bellwether gate latest --baseline baseline.json --junit gate.xml");
    verb.example("bellwether gate --init policy.json --baseline baseline.json");
    verb.example("bellwether gate --power --baseline baseline.json --policy policy.json");
    verb.explain({"Lists of a policy",
                  {{"suites", "tasks, groups or lists of tasks, by a metric or by a scorer of 'rescore'"},
                   {"safety", "violations and over-refusals of prompt sets, which may not rise, as a pair"},
                   {"ratings", "a study of people's ratings of both runs, read from --db"}}});
    verb.explain({"Exit codes",
                  {{"0", "no drop is proven (with --strict: its absence is)"},
                   {"1", "a suite became worse by more than its margin; with --expect-identical: an item differs"},
                   {"2", "the call or a file was wrong"},
                   {"3", "the run lacks items, scores or ratings, or the work failed"},
                   {"4", "the runs were asked different questions, or scored by different scorers"},
                   {"5", "with --strict: neither a drop nor its absence is proven"}}});
}

}  // namespace harness::cli
