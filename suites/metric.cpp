#include "suites/metric.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace suites {
namespace {

constexpr Scope kAll = Scope::All;
constexpr Aggregation kMean = Aggregation::Mean;
constexpr Direction kHigher = Direction::HigherIsBetter;
constexpr Direction kLower = Direction::LowerIsBetter;

// clang-format off
constexpr std::array kMetrics = {
    KnownMetric{"acc",             TaskKind::Choice,       Rule::Best},
    KnownMetric{"acc_norm",        TaskKind::Choice,       Rule::BestPerPoint},
    KnownMetric{"acc_bytes",       TaskKind::Choice,       Rule::BestPerByte},
    KnownMetric{"acc_calibrated",  TaskKind::Choice,       Rule::BestCalibrated},
    KnownMetric{"mc2",             TaskKind::Choice,       Rule::CorrectShare},
    KnownMetric{"acc",             TaskKind::Continuation, Rule::Greedy},
    KnownMetric{"perplexity",      TaskKind::Continuation, Rule::LogProbability, kAll, Aggregation::ExpMinusMean, kLower, Interval::Exponential},
    KnownMetric{"word_perplexity", TaskKind::Rolling,      Rule::Rolling, kAll, Aggregation::WordPerplexity, kLower, Interval::Exponential},
    KnownMetric{"byte_perplexity", TaskKind::Rolling,      Rule::Rolling, kAll, Aggregation::BytePerplexity, kLower, Interval::Exponential},
    KnownMetric{"bits_per_byte",   TaskKind::Rolling,      Rule::Rolling, kAll, Aggregation::BitsPerByte, kLower, Interval::Real},
    KnownMetric{"exact_match",     TaskKind::Generate,     Rule::ExactMatch},
    KnownMetric{"exact",           TaskKind::Generate,     Rule::SquadExact},
    KnownMetric{"f1",              TaskKind::Generate,     Rule::SquadF1},
    KnownMetric{"HasAns_exact",    TaskKind::Generate,     Rule::SquadExact, Scope::Answerable},
    KnownMetric{"HasAns_f1",       TaskKind::Generate,     Rule::SquadF1, Scope::Answerable},
    KnownMetric{"NoAns_exact",     TaskKind::Generate,     Rule::SquadExact, Scope::Unanswerable},
    KnownMetric{"NoAns_f1",        TaskKind::Generate,     Rule::SquadF1, Scope::Unanswerable},
    KnownMetric{"best_exact",      TaskKind::Generate,     Rule::SquadBest, kAll, Aggregation::BestExact},
    KnownMetric{"best_f1",         TaskKind::Generate,     Rule::SquadBest, kAll, Aggregation::BestF1},
    KnownMetric{"quac_f1",         TaskKind::Generate,     Rule::QuacF1},
    // Overlaps are from 0 to 100, their differences from -100 to 100.
    KnownMetric{"bleu_max",        TaskKind::Generate,     Rule::OverlapMax, kAll, kMean, kHigher, Interval::Real, Overlap::Bleu},
    KnownMetric{"bleu_acc",        TaskKind::Generate,     Rule::OverlapAcc, kAll, kMean, kHigher, Interval::Share, Overlap::Bleu},
    KnownMetric{"bleu_diff",       TaskKind::Generate,     Rule::OverlapDiff, kAll, kMean, kHigher, Interval::Real, Overlap::Bleu},
    KnownMetric{"rouge1_max",      TaskKind::Generate,     Rule::OverlapMax, kAll, kMean, kHigher, Interval::Real, Overlap::Rouge1},
    KnownMetric{"rouge1_acc",      TaskKind::Generate,     Rule::OverlapAcc, kAll, kMean, kHigher, Interval::Share, Overlap::Rouge1},
    KnownMetric{"rouge1_diff",     TaskKind::Generate,     Rule::OverlapDiff, kAll, kMean, kHigher, Interval::Real, Overlap::Rouge1},
    KnownMetric{"rouge2_max",      TaskKind::Generate,     Rule::OverlapMax, kAll, kMean, kHigher, Interval::Real, Overlap::Rouge2},
    KnownMetric{"rouge2_acc",      TaskKind::Generate,     Rule::OverlapAcc, kAll, kMean, kHigher, Interval::Share, Overlap::Rouge2},
    KnownMetric{"rouge2_diff",     TaskKind::Generate,     Rule::OverlapDiff, kAll, kMean, kHigher, Interval::Real, Overlap::Rouge2},
    KnownMetric{"rougeL_max",      TaskKind::Generate,     Rule::OverlapMax, kAll, kMean, kHigher, Interval::Real, Overlap::RougeL},
    KnownMetric{"rougeL_acc",      TaskKind::Generate,     Rule::OverlapAcc, kAll, kMean, kHigher, Interval::Share, Overlap::RougeL},
    KnownMetric{"rougeL_diff",     TaskKind::Generate,     Rule::OverlapDiff, kAll, kMean, kHigher, Interval::Real, Overlap::RougeL},
    KnownMetric{"pass@K",          TaskKind::Generate,     Rule::PassAtK},
};
// clang-format on

constexpr std::array<std::string_view, 4> kCounters = {"extraction_failed", "empty_output", "length_limited",
                                                       "prompt_truncated"};

template <class Enum, std::size_t Count>
using Words = std::array<std::pair<Enum, std::string_view>, Count>;

constexpr Words<Aggregation, 7> kAggregations = {{{Aggregation::Mean, "mean"},
                                                  {Aggregation::WordPerplexity, "word_perplexity"},
                                                  {Aggregation::BytePerplexity, "byte_perplexity"},
                                                  {Aggregation::BitsPerByte, "bits_per_byte"},
                                                  {Aggregation::ExpMinusMean, "exp_minus_mean"},
                                                  {Aggregation::BestExact, "best_exact"},
                                                  {Aggregation::BestF1, "best_f1"}}};
constexpr Words<Direction, 2> kDirections = {{{kHigher, "higher"}, {kLower, "lower"}}};
constexpr Words<Interval, 3> kIntervals = {
    {{Interval::Share, "share"}, {Interval::Real, "real"}, {Interval::Exponential, "exponential"}}};

template <class Enum, std::size_t Count>
std::string_view word_of(const Words<Enum, Count>& words, Enum value) {
    const auto found =
        std::find_if(words.begin(), words.end(), [value](const auto& one) { return one.first == value; });
    return found == words.end() ? std::string_view() : found->second;
}

template <class Enum, std::size_t Count>
std::optional<Enum> value_of(const Words<Enum, Count>& words, std::string_view text) {
    const auto found = std::find_if(words.begin(), words.end(), [text](const auto& one) { return one.second == text; });
    return found == words.end() ? std::nullopt : std::optional(found->first);
}

std::string_view without_filter(std::string_view name) {
    return name.substr(0, name.find(','));
}

/// "pass@K" for "pass@8"; any other name unchanged.
std::string_view row_name(std::string_view name) {
    name = without_filter(name);
    const bool pass = name.size() > 5 && name.starts_with("pass@") &&
                      name.find_first_not_of("0123456789", 5) == std::string_view::npos;
    return pass ? "pass@K" : name;
}

}  // namespace

std::string_view to_string(Aggregation aggregation) {
    return word_of(kAggregations, aggregation);
}
std::optional<Aggregation> aggregation_from(std::string_view text) {
    return value_of(kAggregations, text);
}
std::string_view to_string(Direction direction) {
    return word_of(kDirections, direction);
}
std::optional<Direction> direction_from(std::string_view text) {
    return value_of(kDirections, text);
}
std::string_view to_string(Interval interval) {
    return word_of(kIntervals, interval);
}
std::optional<Interval> interval_from(std::string_view text) {
    return value_of(kIntervals, text);
}

std::string_view units_of(Aggregation aggregation) {
    switch (aggregation) {
        case Aggregation::WordPerplexity: return "words";
        case Aggregation::BytePerplexity:
        case Aggregation::BitsPerByte: return "bytes";
        default: return "";
    }
}

std::span<const KnownMetric> known_metrics() {
    return kMetrics;
}

const KnownMetric* find_metric(std::string_view name, TaskKind kind) {
    const std::string_view row = row_name(name);
    const auto found = std::find_if(kMetrics.begin(), kMetrics.end(),
                                    [&](const KnownMetric& one) { return one.name == row && one.kind == kind; });
    return found == kMetrics.end() ? nullptr : &*found;
}

const KnownMetric* find_metric(std::string_view name) {
    const std::string_view row = row_name(name);
    const auto found =
        std::find_if(kMetrics.begin(), kMetrics.end(), [row](const KnownMetric& one) { return one.name == row; });
    return found == kMetrics.end() ? nullptr : &*found;
}

std::string_view MetricDefinition::filter() const {
    const std::size_t comma = name.find(',');
    return comma == std::string::npos ? std::string_view() : std::string_view(name).substr(comma + 1);
}

bool is_counter(std::string_view name) {
    return std::find(kCounters.begin(), kCounters.end(), without_filter(name)) != kCounters.end();
}

MetricDefinition counter(std::string name) {
    return {.name = std::move(name),
            .aggregation = kMean,
            .direction = kLower,
            .interval = Interval::Share,
            .grader_version = 0};
}

}  // namespace suites
