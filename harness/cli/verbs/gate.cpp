#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/gate_policy.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/baseline.hpp"
#include "harness/store/run_store.hpp"
#include "reports/formats/gate.hpp"
#include "reports/formats/prometheus.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"

namespace harness::cli {
namespace {

using reports::data::RunView;

struct GateOptions {
    std::string run;
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
    bool json = false;
};

std::optional<RunView> stored_run(const GateOptions& options) {
    if (options.run.empty()) return std::nullopt;
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    return results::gate_view(runs, resolve(runs, options.run), task_catalog());
}

std::optional<RunView> stored_baseline(const GateOptions& options) {
    if (options.baseline.empty()) return std::nullopt;
    return results::parse_baseline(base::read_file(options.baseline), options.baseline);
}

reports::data::GatePolicy policy_of(const GateOptions& options) {
    reports::data::GatePolicy policy;
    if (!options.policy.empty()) policy = parse_policy(base::read_file(options.policy), options.policy);
    if (options.strict) policy.strictness = reports::data::Strictness::Strict;
    return policy;
}

/// Prints a value as JSON, or for the terminal.
template <class Value>
void print_as(const Value& value, bool json) {
    if (json) {
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
    out.write(policy_text(*run));
    out.finish();
    if (options.init != "-") print("{}\n", options.init);
    return ExitCode::Done;
}

ExitCode show_power(const GateOptions& options, const RunView& baseline) {
    const std::optional<RunView> run = stored_run(options);
    constexpr double kPercent = 100;
    print_as(
        reports::gate::gate_power(baseline, run ? &*run : nullptr, policy_of(options), options.changing / kPercent),
        options.json);
    return ExitCode::Done;
}

ExitCode expect_identical(const GateOptions& options, const RunView& baseline, const RunView& run) {
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
    const reports::data::GateVerdict verdict = reports::gate::judge(baseline, *run, policy_of(options));
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
    verb.argument("RUN", text_not_empty(options.run), kRunHelp);
    verb.option("--baseline", "FILE", text_not_empty(options.baseline), "File of 'bellwether baseline'").of_its_verb();
    Option& policy =
        verb.option("--policy", "FILE", text_not_empty(options.policy),
                    "Suites, tiers, margins and tests; without one every task's first metric may not drop");
    Option& strict = verb.flag("--strict", truth(options.strict),
                               "Fail unless the absence of a larger drop than the margin is proven");
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
    for (Option* other : {&policy, &strict, &junit, &markdown, &prometheus, &power}) other->excludes(identical);
    for (Option* other : {&policy, &strict, &junit, &markdown, &prometheus, &power, &identical}) other->excludes(init);
    for (Option* other : {&junit, &markdown, &prometheus}) other->excludes(power);
    verb.example("bellwether gate latest --baseline baseline.json --junit gate.xml");
    verb.example("bellwether gate --init policy.json --baseline baseline.json");
    verb.example("bellwether gate --power --baseline baseline.json --policy policy.json");
    verb.explain({"Exit codes",
                  {{"0", "no drop is proven (with --strict: its absence is)"},
                   {"1", "a suite dropped by more than its margin; with --expect-identical: an item differs"},
                   {"2", "the call or a file was wrong"},
                   {"3", "the run lacks items or scores, or the work failed"},
                   {"4", "the runs were asked different questions"},
                   {"5", "with --strict: neither a drop nor its absence is proven"}}});
}

}  // namespace harness::cli
