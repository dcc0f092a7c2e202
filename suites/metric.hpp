#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"

/// Definition of all metrics, in one table (metric.cpp); no other code tests a metric's name. Runs store the strings of
/// the enumerations, so these must never change.
namespace suites {

/// How the scores of all items become one number.
enum class Aggregation {
    Mean,
    WordPerplexity,
    BytePerplexity,
    BitsPerByte,
    ExpMinusMean,  ///< exp(-mean) of log-probabilities
    BestExact,     ///< SQuAD's best_exact: "exact" at the best threshold of "no_answer_probability"
    BestF1,
};
std::string_view to_string(Aggregation aggregation);
std::optional<Aggregation> aggregation_from(std::string_view text);
/// Name of the score by which a perplexity divides the log-likelihood: "words" or "bytes"; empty for other
/// aggregations.
std::string_view units_of(Aggregation aggregation);

enum class Direction { HigherIsBetter, LowerIsBetter };
std::string_view to_string(Direction direction);  ///< "higher", "lower"
std::optional<Direction> direction_from(std::string_view text);

/// Kind of confidence interval of an aggregate.
enum class Interval {
    Share,        ///< scores in [0, 1]: Wilson's interval, which stays in that range
    Real,         ///< any number: value +- Student's t times the standard error, further to the side of a long tail
    Exponential,  ///< the exponential of a mean: the exponential of the interval of the mean
};
std::string_view to_string(Interval interval);  ///< "share", "real", "exponential"
std::optional<Interval> interval_from(std::string_view text);

/// How the answers to one document are scored. First the rules for choices, then those for generations.
enum class Rule {
    Best,            ///< the choice with the largest log-probability is correct
    BestPerPoint,    ///< the same, divided by code points
    BestPerByte,     ///< the same, divided by UTF-8 bytes
    BestCalibrated,  ///< the same, minus the log-probability after the calibration text
    CorrectShare,    ///< probability of the correct choices / probability of all choices
    Greedy,          ///< every token of the continuation is the most likely one
    LogProbability,  ///< log-probability of the continuation
    Rolling,         ///< log-likelihood of the whole document
    ExactMatch,      ///< equal strings after the task's `ignore` rules
    SquadExact,      ///< equal strings after SQuAD's normalisation
    SquadF1,         ///< F1 of words after SQuAD's normalisation
    QuacF1,          ///< F1 with each reference left out in turn; unscored when references agree below 0.4
    SquadBest,       ///< not scored per document: computed from all documents at the best threshold
    OverlapMax,      ///< the best overlap with a correct reference
    OverlapDiff,     ///< OverlapMax minus the best overlap with a wrong reference
    OverlapAcc,      ///< 1 if OverlapDiff > 0
    Graded,          ///< score of the task's grader
    PassAtK,         ///< 1 - C(n-c, K) / C(n, K) over n samples of which c are correct
};

/// Measure of the overlap of two texts.
enum class Overlap { None, Bleu, Rouge1, Rouge2, RougeL };

/// Which documents a metric of generations covers.
enum class Scope { All, Answerable, Unanswerable };

/// A row of the table. `name` is without a filter; "pass@K" stands for every K.
struct KnownMetric {
    std::string_view name;
    TaskKind kind;
    Rule rule;
    Scope scope = Scope::All;
    Aggregation aggregation = Aggregation::Mean;
    Direction direction = Direction::HigherIsBetter;
    Interval interval = Interval::Share;
    Overlap overlap = Overlap::None;
};
std::span<const KnownMetric> known_metrics();
/// The row of a metric for tasks of this kind; nullptr when there is none. A filter after a comma is ignored.
const KnownMetric* find_metric(std::string_view name, TaskKind kind);
/// The row for a name without a kind, as in another tool's log: the first kind that has it.
const KnownMetric* find_metric(std::string_view name);

/// A metric of a task, or a counter of problems other than wrong answers.
struct MetricDefinition {
    std::string name;  ///< with its filter, such as "exact_match,strict-match"
    Aggregation aggregation = Aggregation::Mean;
    Direction direction = Direction::HigherIsBetter;
    Interval interval = Interval::Real;
    std::uint32_t grader_version = 0;  ///< version of the grader; 0: scored by a rule of the table

    bool higher_is_better() const { return direction == Direction::HigherIsBetter; }
    /// "strict-match" of "exact_match,strict-match"; empty: the whole output.
    std::string_view filter() const;
};

/// Whether `name` is a counter of tasks without a grader, including "extraction_failed" (one per filter).
bool is_counter(std::string_view name);
/// Definition of a counter: the share of items for which it is 1; lower is better.
MetricDefinition counter(std::string name);

/// Metric name -> value of one item; nullopt is unscored (not wrong). For rolling tasks: the sums "loglikelihood",
/// "words", "bytes". Also contains the task's counters, each 0 or 1.
using Scores = std::map<std::string, std::optional<double>, std::less<>>;

/// The same of many items: score name -> the values in the order of the items. All columns have the same length.
using ScoreColumns = std::map<std::string, std::vector<std::optional<double>>, std::less<>>;

struct Range {
    double low = 0;
    double high = 0;
};

/// One metric over all items that have a score.
struct Aggregate {
    double value = 0;
    /// Sample standard deviation / sqrt(n); for perplexities by the delta method.
    double standard_error = 0;
    std::size_t items = 0;
    std::optional<Range> ci95 = {};  ///< set by callers that know it; groups combine the intervals of their members
};
std::optional<Aggregate> aggregate(const MetricDefinition& metric, const ScoreColumns& columns);
std::optional<Aggregate> aggregate(const MetricDefinition& metric, const std::vector<Scores>& items);

}  // namespace suites
