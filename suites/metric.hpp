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

/// What a metric is, in one table (metric.cpp): nobody else tests a metric's name. The words of the enumerations are
/// those of stored runs, so they never change.
namespace suites {

/// How the scores of all items become one number.
enum class Aggregation {
    Mean,
    WordPerplexity,
    BytePerplexity,
    BitsPerByte,
    ExpMinusMean,  ///< of log-probabilities
    BestExact,     ///< SQuAD's best_exact: "exact" at the best threshold of "no_answer_probability"
    BestF1,
};
std::string_view to_string(Aggregation aggregation);
std::optional<Aggregation> aggregation_from(std::string_view text);
/// The score that a perplexity divides the log-likelihood by: "words" or "bytes"; empty for other aggregations.
std::string_view units_of(Aggregation aggregation);

enum class Direction { HigherIsBetter, LowerIsBetter };
std::string_view to_string(Direction direction);  ///< "higher", "lower"
std::optional<Direction> direction_from(std::string_view text);

/// What the interval of an aggregate may hold.
enum class Interval {
    Share,        ///< from 0 to 1, as the scores of the items are: Wilson's interval, which never leaves that range
    Real,         ///< any number: value +- 1.96 standard errors
    Exponential,  ///< the exponential of a mean: the interval of its logarithm
};
std::string_view to_string(Interval interval);  ///< "share", "real", "exponential"
std::optional<Interval> interval_from(std::string_view text);

/// How the answers to one document become a score. Rules of choices first, then those of generations.
enum class Rule {
    Best,            ///< the largest log-probability belongs to a correct choice
    BestPerPoint,    ///< divided by code points
    BestPerByte,     ///< divided by bytes of UTF-8
    BestCalibrated,  ///< less the log-probability after the calibration text
    CorrectShare,    ///< probability of the correct choices over that of all
    Greedy,          ///< each token of a continuation was the most likely
    LogProbability,  ///< of a continuation
    Rolling,         ///< log-likelihood of a whole document
    ExactMatch,      ///< after the task's `ignore` rules
    SquadExact,      ///< after SQuAD's normalisation
    SquadF1,         ///< of words, after SQuAD's normalisation
    QuacF1,          ///< each reference left out in turn; unscored where people agree below 0.4
    SquadBest,       ///< no score of a document: made of all at the best threshold
    OverlapMax,      ///< the best overlap with a correct reference
    OverlapDiff,     ///< that less the best with a wrong reference
    OverlapAcc,      ///< whether that is above 0
    Graded,          ///< by the task's grader
    PassAtK,         ///< 1 - C(n-c, K) / C(n, K) over n samples of which c are correct
};

/// What measures the overlap of two texts.
enum class Overlap { None, Bleu, Rouge1, Rouge2, RougeL };

/// Which documents a metric of generations is about.
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
/// The row of a metric of tasks of this kind; nullptr when there is none. A filter after a comma is passed over.
const KnownMetric* find_metric(std::string_view name, TaskKind kind);
/// The row for a name alone, as in another tool's log: of the first kind that has it.
const KnownMetric* find_metric(std::string_view name);

/// What a task reports: a metric, or a counter of what went wrong apart from wrong answers.
struct MetricDefinition {
    std::string name;  ///< with its filter, "exact_match,strict-match"
    Aggregation aggregation = Aggregation::Mean;
    Direction direction = Direction::HigherIsBetter;
    Interval interval = Interval::Real;
    std::uint32_t grader_version = 0;  ///< of the grader that gives the score; 0: a rule of the table

    bool higher_is_better() const { return direction == Direction::HigherIsBetter; }
    /// "strict-match" of "exact_match,strict-match"; empty: the output as it is.
    std::string_view filter() const;
};

/// Counters that tasks without a grader have, "extraction_failed" (one for each filter) among them.
bool is_counter(std::string_view name);
/// A counter: the share of items that it is 1 of, where less is better.
MetricDefinition counter(std::string name);

/// Metric name -> value of one item; nullopt is unscored (not wrong). For rolling tasks the scores are the
/// sums "loglikelihood", "words", "bytes". Beside the metrics stand the task's counters, 1 or 0 each.
using Scores = std::map<std::string, std::optional<double>, std::less<>>;

/// The same of many items: score name -> the values in the order of the items. All columns have the same length.
using ScoreColumns = std::map<std::string, std::vector<std::optional<double>>, std::less<>>;

struct Range {
    double low = 0;
    double high = 0;
};

/// One metric over items, of which those without a score are left out.
struct Aggregate {
    double value = 0;
    /// Sample standard deviation over sqrt(n); perplexities by the delta method.
    double standard_error = 0;
    std::size_t items = 0;
    std::optional<Range> ci95 = {};  ///< where the caller knows it: groups combine those of their members
};
std::optional<Aggregate> aggregate(const MetricDefinition& metric, const ScoreColumns& columns);
std::optional<Aggregate> aggregate(const MetricDefinition& metric, const std::vector<Scores>& items);

}  // namespace suites
