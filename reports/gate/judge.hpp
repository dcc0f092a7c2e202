#pragma once

#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/ratings.hpp"
#include "reports/data/run.hpp"

namespace reports::gate {

/// A run against a baseline, by a policy. Items are paired by content, and their questions must be equal.
///
/// A suite is a regression where a drop larger than its margin is proven: the one-sided p, adjusted by Holm for the
/// suites of its tier, is at most the level. It passes where the absence of such a drop is proven at the level, or no
/// score changed; otherwise it is inconclusive. It is incomplete where the run lacks items of the baseline, and not
/// comparable where its questions are others. An advisory suite never counts. Suites that have no p count as one of
/// their tier all the same, so that a missing suite makes no other one stricter or milder.
///
/// `baseline` and `run` have the hashes of what was asked. `studies`: those that rules about people's ratings may mean.
data::GateVerdict judge(const data::RunView& baseline, const data::RunView& run, const data::GatePolicy& policy,
                        const std::vector<data::Study>& studies = {});

/// Items whose question, answer or score differs, and items that the run lacks or has in addition, in the order of the
/// baseline.
std::vector<data::ChangedItem> changed_items(const data::RunView& baseline, const data::RunView& run);

/// The rules of a policy without any: the first metric with a score per item of every task, critical, without a margin.
std::vector<data::GateRule> rules_for(const data::RunView& run);

/// Whether runs may differ in this setting whatever the policy says, since it changes no question or shows in the
/// questions, which are compared.
bool may_always_differ(const std::string& setting);

/// What a change of the suite's metric for the worse is called: "drop", or "rise" where less is better.
const char* change_for_worse(const data::SuiteVerdict& suite);

/// Process exit code: 0 pass, or inconclusive as usual; 1 regression; 3 incomplete; 4 not comparable; 5 inconclusive
/// where the policy is strict.
int exit_code(const data::GateVerdict& verdict);

}  // namespace reports::gate
