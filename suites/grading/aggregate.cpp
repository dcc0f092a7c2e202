// Aggregates the scores of items to one number with its standard error.

#include <algorithm>
#include <cmath>

#include "suites/metric.hpp"

namespace suites {
namespace {

using Column = std::vector<std::optional<double>>;

const Column& column(const ScoreColumns& columns, std::string_view name) {
    static const Column kNone;
    const auto found = columns.find(name);
    return found == columns.end() ? kNone : found->second;
}

std::optional<double> at(const Column& values, std::size_t item) {
    return item < values.size() ? values[item] : std::nullopt;
}

std::optional<Aggregate> mean(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += value;
    double squares = 0;
    for (const double value : values) squares += (value - sum / n) * (value - sum / n);
    return Aggregate{sum / n, values.size() < 2 ? 0 : std::sqrt(squares / (n - 1) / n), values.size()};
}

std::optional<Aggregate> mean(const Column& scores) {
    std::vector<double> values;
    for (const auto& value : scores) {
        if (value) values.push_back(*value);
    }
    return mean(values);
}

/// exp(-mean); standard error by the delta method.
std::optional<Aggregate> exp_minus_mean(const Column& scores) {
    const auto average = mean(scores);
    if (!average) return std::nullopt;
    const double value = std::exp(-average->value);
    return Aggregate{value, value * average->standard_error, average->items};
}

/// exp(-sum of log-likelihoods / sum of units), or bits per unit. The standard error is that of a ratio of two sums,
/// transformed by the delta method.
std::optional<Aggregate> perplexity(Aggregation aggregation, const ScoreColumns& columns) {
    const Column& likelihoods = column(columns, "loglikelihood");
    const Column& sizes = column(columns, units_of(aggregation));
    std::vector<std::pair<double, double>> pairs;
    double likelihood = 0;
    double units = 0;
    for (std::size_t item = 0; item < likelihoods.size(); ++item) {
        const auto value = likelihoods[item];
        const auto size = at(sizes, item);
        if (!value || !size) continue;
        pairs.emplace_back(*value, *size);
        likelihood += *value;
        units += *size;
    }
    if (pairs.empty() || units <= 0) return std::nullopt;
    const double rate = -likelihood / units;
    double squares = 0;
    for (const auto& [value, size] : pairs) squares += (-value - rate * size) * (-value - rate * size);
    const auto n = static_cast<double>(pairs.size());
    const double error = n < 2 ? 0 : std::sqrt(squares * n / (n - 1)) / units;
    if (aggregation == Aggregation::BitsPerByte)
        return Aggregate{rate / std::log(2.0), error / std::log(2.0), pairs.size()};
    return Aggregate{std::exp(rate), std::exp(rate) * error, pairs.size()};
}

/// SQuAD 2: an item counts as unanswered when its no-answer probability is above a threshold. The threshold is the best
/// one over all items, found as in the official script: starting with all items unanswered, items become answered in
/// ascending order of that probability.
std::optional<Aggregate> best_over_thresholds(const ScoreColumns& columns, std::string_view name) {
    const Column& probabilities = column(columns, "no_answer_probability");
    const Column& scores = column(columns, name);
    const Column& answerables = column(columns, "answerable");
    const Column& silences = column(columns, "empty_output");
    struct Answer {
        double no_answer, score;
        bool answerable;
    };
    std::vector<Answer> answers;
    for (std::size_t item = 0; item < probabilities.size(); ++item) {
        const auto probability = probabilities[item];
        const auto value = at(scores, item);
        const auto answerable = at(answerables, item);
        if (!probability || !value || !answerable) continue;
        // If no answer is correct, any output is wrong, even one that SQuAD's normalisation makes empty.
        const double silent = at(silences, item).value_or(*value);
        answers.push_back({*probability, *answerable != 0 ? *value : silent, *answerable != 0});
    }
    if (answers.empty()) return std::nullopt;
    std::stable_sort(answers.begin(), answers.end(),
                     [](const Answer& a, const Answer& b) { return a.no_answer < b.no_answer; });
    double total = 0;
    for (const Answer& answer : answers) total += answer.answerable ? 0 : 1;
    double best = total;
    std::size_t answered = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        // Answering an unanswerable question loses the point for not answering; an empty answer changes nothing.
        total += answers[i].answerable ? answers[i].score : answers[i].score - 1;
        if (total > best) {
            best = total;
            answered = i + 1;
        }
    }
    std::vector<double> values;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        values.push_back(i < answered ? answers[i].score : answers[i].answerable ? 0.0 : 1.0);
    }
    return mean(values);
}

}  // namespace

std::optional<Aggregate> aggregate(const MetricDefinition& metric, const ScoreColumns& columns) {
    switch (metric.aggregation) {
        case Aggregation::Mean: return mean(column(columns, metric.name));
        case Aggregation::WordPerplexity:
        case Aggregation::BytePerplexity:
        case Aggregation::BitsPerByte: return perplexity(metric.aggregation, columns);
        case Aggregation::ExpMinusMean: return exp_minus_mean(column(columns, metric.name));
        case Aggregation::BestExact: return best_over_thresholds(columns, "exact");
        case Aggregation::BestF1: return best_over_thresholds(columns, "f1");
    }
    return std::nullopt;
}

std::optional<Aggregate> aggregate(const MetricDefinition& metric, const std::vector<Scores>& items) {
    ScoreColumns columns;
    for (std::size_t item = 0; item < items.size(); ++item) {
        for (const auto& [name, value] : items[item]) {
            Column& values = columns[name];
            values.resize(items.size());
            values[item] = value;
        }
    }
    return aggregate(metric, columns);
}

}  // namespace suites
