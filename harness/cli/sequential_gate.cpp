#include "harness/cli/sequential_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "harness/base/number_from.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/gate_groups.hpp"
#include "harness/cli/gate_policy.hpp"
#include "harness/results/baseline.hpp"
#include "harness/results/documents.hpp"
#include "harness/run/item_rows.hpp"
#include "reports/gate/evidence.hpp"
#include "reports/sections/scores.hpp"

namespace harness::cli {
namespace {

using reports::data::RunView;
using reports::gate::Looks;

/// The seed of runs that do not know theirs, such as imported ones: the default of --seed.
constexpr std::uint64_t kUnknownSeed = 1234;

std::vector<std::uint64_t> contents_of(const run::PlannedTask& planned) {
    std::vector<store::DocumentRow> rows;
    rows.reserve(planned.items.size());
    for (const suites::Item& item : planned.items) {
        store::ItemRow row = run::item_row(item);
        rows.push_back({row.doc, std::move(row.document_json), std::move(row.target)});
    }
    return results::documents_of(rows, false).contents;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> values) {
    std::sort(values.begin(), values.end());
    return values;
}

/// [task]: the first look of each task that the policy's suites need.
std::map<std::string, std::size_t> first_looks(const std::vector<reports::data::GateRule>& rules) {
    std::map<std::string, std::size_t> wanted;
    for (const reports::data::GateRule& rule : rules) {
        for (const std::string& task : reports::gate::tasks_of(rule)) wanted[task] = 1;
    }
    return wanted;
}

/// Throws unless the plan asks the baseline's documents of each task that is needed.
void check_documents(const RunView& baseline, const std::map<std::string, std::vector<std::uint64_t>>& planned,
                     const std::map<std::string, std::size_t>& needed) {
    for (const auto& [name, look] : needed) {
        const reports::data::TaskView* task = reports::sections::task_named(baseline, name);
        const auto found = planned.find(name);
        if (task == nullptr)
            throw base::UsageError(fmt::format("the baseline has no task {}, which the policy names", name));
        if (found == planned.end())
            throw base::UsageError(fmt::format("--suite does not name {}, which the gate needs", name));
        if (sorted(found->second) != sorted(task->docs.contents))
            throw base::UsageError(
                fmt::format("{}: the baseline has {} documents and this run would ask {}, or others; give the options "
                            "(--limit, --data) of the baseline's run",
                            name, task->docs.contents.size(), found->second.size()));
    }
}

void check_rules(const RunView& baseline, const reports::data::GatePolicy& policy) {
    const std::string obstacle = reports::gate::sequential_obstacle(baseline, policy);
    if (!obstacle.empty())
        throw base::UsageError(fmt::format(
            "--sequential: {}; leave it out of the policy, or judge the complete run with 'bellwether gate'",
            obstacle));
}

void add(const run::Outcome& more, run::Outcome& all) {
    const run::Outcome before = all;
    all = more;
    all.computed_items += before.computed_items;
    all.errors += before.errors;
    all.tokens_asked += before.tokens_asked;
    all.tokens_computed += before.tokens_computed;
}

}  // namespace

Option& looks_option(Verb& verb, std::size_t& looks) {
    constexpr std::size_t kMaxLooks = 100;
    return verb.option(
        "--looks", "N", whole_number_reader(2, kMaxLooks, [&looks](std::uint64_t number) { looks = number; }),
        "With --sequential: how many times the verdict is looked for, at equal numbers of items (default: "
        "10)");
}

SequentialRun::SequentialRun(const SequentialOptions& options, const suites::Catalog& catalog)
    : catalog_(catalog),
      looks_(options.looks),
      baseline_(results::parse_baseline(base::read_file(options.baseline), options.baseline)) {
    if (!options.policy.empty()) policy_ = parse_policy(base::read_file(options.policy), options.policy);
    if (options.strict) policy_.strictness = reports::data::Strictness::Strict;
    if (policy_.rules.empty()) policy_.rules = default_rules(baseline_, catalog_);
    resolve_names(policy_.rules, baseline_, catalog_, options.policy);
    check_rules(baseline_, policy_);
}

run::Outcome SequentialRun::execute(const run::Plan& plan, const run::Workers& workers, const OpenRuns& runs,
                                    const run::Work& work) {
    const Looks looks(baseline_, plan.options.seed, looks_);
    std::map<std::string, std::size_t> wanted = first_looks(policy_.rules);
    std::map<std::string, std::vector<std::uint64_t>> contents;
    std::vector<std::vector<std::size_t>> look_of;
    for (const run::PlannedTask& planned : plan.tasks) {
        contents[planned.task.name()] = contents_of(planned);
        look_of.push_back(looks.of(planned.task.name(), contents[planned.task.name()]));
    }
    check_documents(baseline_, contents, wanted);
    store::RunStore& store = runs();
    run::Outcome outcome;
    for (;;) {
        run::Work part = work;
        part.wanted = [&](std::size_t task, std::size_t position) {
            const auto asked = wanted.find(plan.tasks[task].task.name());
            return asked != wanted.end() && look_of[task][position] <= asked->second;
        };
        add(run::execute(plan, workers, store, part), outcome);
        const store::RunRow row = store.find_run(std::to_string(outcome.run));
        state_ = reports::gate::judge_sequential(baseline_, results::gate_view(store, row, catalog_), policy_, looks);
        // Items that were asked for and are not there had no verdict on their programs: run again to judge them.
        if (state_.is_decided || state_.waits_for == wanted) return outcome;
        wanted = state_.waits_for;
    }
}

reports::gate::SequentialState judge_stored(const RunView& baseline, const RunView& run,
                                            const reports::data::GatePolicy& policy, std::size_t looks) {
    check_rules(baseline, policy);
    const auto seed = std::find_if(run.settings.begin(), run.settings.end(),
                                   [](const auto& setting) { return setting.name == "few-shot seed"; });
    const auto known = seed == run.settings.end() ? std::nullopt : base::number_from<std::uint64_t>(seed->value);
    return reports::gate::judge_sequential(baseline, run, policy, Looks(baseline, known.value_or(kUnknownSeed), looks));
}

std::string savings_text(const reports::gate::SequentialState& state, std::size_t looks) {
    if (!state.is_decided) return fmt::format("Not decided after look {} of {}.", state.looks, looks);
    const double saved =
        state.planned == 0 ? 0 : 1 - static_cast<double>(state.items) / static_cast<double>(state.planned);
    return fmt::format("Decided at look {} of {}: {} of {} items, {:.0f} % fewer.", state.looks, looks, state.items,
                       state.planned, 100 * saved);
}

}  // namespace harness::cli
