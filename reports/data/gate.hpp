#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/setting.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// How much a suite counts. Suites of one tier are corrected together for their number.
enum class Tier {
    Critical,
    Supporting,
    Advisory,  ///< shown, but never fails the gate
};

enum class MarginUnit {
    Score,     ///< in the metric's own unit: 0.01 is a point of an accuracy
    Relative,  ///< times the baseline's value
};

enum class GateTestChoice { Auto, McNemar, Unconditional, Score, Mean };

/// What a rule judges.
enum class RuleKind {
    Metric,   ///< a metric of tasks
    Safety,   ///< a metric of those tasks that have it: other prompts of a safety pair
    Ratings,  ///< people's ratings of answers of both runs
    Repeats,  ///< how many repeats of the run drop in a metric
};

/// The better direction of a metric.
enum class GateDirection { AsMetric, Higher, Lower };

/// What a policy asks of a study of human ratings. `max_errors` are items that are short of their ratings.
struct RatingDemands {
    bool is_safety = false;  ///< shares of violations instead of wins
    std::string study = {};  ///< its name; empty: the one study that has answers of both runs
    std::uint64_t min_ratings = 0;
    std::optional<double> min_agreement = {};  ///< of Gwet's AC2 with ordinal weights; below it nothing is decided
};

/// What a policy says of one suite.
struct GateRule {
    std::string suite;
    /// Tasks whose scores are taken together; empty: the suite is a task.
    std::vector<std::string> tasks = {};
    bool members_weigh_alike = false;  ///< the mean of the tasks' means, not of their items
    std::string metric = {};           ///< empty: the first of each task
    Tier tier = Tier::Critical;
    double margin = 0;  ///< the largest drop that is accepted
    MarginUnit unit = MarginUnit::Score;
    GateTestChoice test = GateTestChoice::Auto;
    std::uint64_t min_items = 1;
    std::uint64_t max_errors = 0;  ///< items that the baseline scored and the run did not
    RuleKind kind = RuleKind::Metric;
    GateDirection direction = GateDirection::AsMetric;
    std::string scorer = {};  ///< ScorerIdentity::option; then `metric` is its measure. Empty: any metric by its name
    RatingDemands ratings = {};
    double min_pass_share = 0;  ///< share of the run's repeats that may not drop; 0: not asked
};

enum class Strictness {
    Usual,   ///< fails when a drop is proven
    Strict,  ///< fails unless the absence of a drop is proven
};

struct GatePolicy {
    double level = 0.05;  ///< chance that a gate fails although nothing dropped
    Strictness strictness = Strictness::Usual;
    std::vector<std::string> may_differ = {};  ///< names of settings that do not have to be equal
    std::vector<GateRule> rules = {};          ///< empty: every task's first metric, critical, without a margin
};

/// In increasing order of weight: a gate's status is that of its heaviest suite.
enum class GateStatus { Pass, Inconclusive, Incomplete, Regression, NotComparable };

/// An item whose score is another in the run than in the baseline.
struct Flip {
    std::string task;
    std::uint64_t doc = 0;
    double before = 0;
    double after = 0;
};

/// What a suite that was looked at several times took to be decided.
struct LooksTaken {
    std::uint64_t taken = 0;
    std::uint64_t planned = 0;
    std::uint64_t planned_items = 0;  ///< pairs of all looks
};

struct SuiteVerdict {
    GateRule rule;
    std::string metric;
    GateStatus status = GateStatus::Pass;
    std::string reason;
    std::uint64_t items = 0;            ///< pairs
    std::optional<double> before = {};  ///< mean over the pairs
    std::optional<double> after = {};
    std::optional<double> difference = {};  ///< with the better direction positive
    std::optional<Interval> bounds = {};    ///< one-sided bounds of the difference
    double margin = 0;                      ///< in the metric's own unit
    std::string test = {};                  ///< its name for readers
    std::optional<double> p = {};           ///< of a drop larger than the margin; adjusted for the tier's suites
    std::optional<double> detectable = {};  ///< smallest drop that this many items find with a chance of 80 %
    std::optional<std::uint64_t> needed_items = {};  ///< that would decide, if the true difference is the one seen
    std::uint64_t worse = 0;                         ///< items
    std::uint64_t better = 0;
    std::vector<Flip> flips = {};          ///< worse ones first
    bool higher_is_better = true;          ///< of the metric
    std::optional<LooksTaken> looks = {};  ///< of a sequential gate, once it has looked at the suite
};

/// The one value from which text, JUnit, JSON and exit code are made.
struct GateVerdict {
    GateStatus status = GateStatus::Pass;
    Strictness strictness = Strictness::Usual;
    double level = 0.05;
    std::string baseline;  ///< names of the two runs
    std::string run;
    std::vector<std::string> obstacles = {};  ///< why the runs cannot be compared, or the run is incomplete as a whole
    Settings differing = {};                  ///< settings that differ and may: {"device", "A, now B"}
    std::vector<SuiteVerdict> suites = {};
};

/// An item whose question or answer is another in the run than in the baseline.
struct ChangedItem {
    std::string task;
    std::uint64_t doc = 0;
    std::string what;  ///< "question", "answer", "score", "missing"
};

/// Chances to catch a drop in one suite.
struct SuitePower {
    GateRule rule;
    std::string metric;
    std::uint64_t items = 0;
    std::string assumption = {};       ///< where the spread of the differences comes from, and the drops' unit
    std::vector<double> chances = {};  ///< for each drop of `kPowerDrops`
    std::string reason = {};           ///< why there are none
};

}  // namespace reports::data
