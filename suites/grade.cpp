// Answers -> scores, scores -> metrics.

#include <algorithm>
#include <cmath>

#include "suites/task_definition.hpp"

namespace suites {
namespace {

std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Cut at each stop string in the order of the list.
std::string cut(std::string text, const std::vector<std::string>& until) {
    for (const std::string& stop : until) {
        if (!stop.empty()) text = text.substr(0, text.find(stop));
    }
    return text;
}

std::string strip(const std::string& text) {
    constexpr const char* kSpace = " \t\n\r\f\v";
    const std::size_t first = text.find_first_not_of(kSpace);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The first or last match's first group that is not empty; nullopt when nothing matches.
std::optional<std::string> extract(const Filter& filter, const std::string& text) {
    re2::StringPiece rest(text);
    std::optional<std::string> found;
    const int groups = filter.pattern->NumberOfCapturingGroups() + 1;
    std::vector<re2::StringPiece> match(static_cast<std::size_t>(groups));
    std::size_t at = 0;
    while (at <= text.size() && filter.pattern->Match(rest, at, text.size(), RE2::UNANCHORED, match.data(), groups)) {
        found = std::string(match[0]);
        for (std::size_t group = 1; group < match.size(); ++group) {
            found = std::string(match[group]);
            if (!found->empty()) break;
        }
        if (!filter.last) break;
        const auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = std::max(end, at + 1);
    }
    return found ? std::optional(strip(*found)) : std::nullopt;
}

std::string normalise(std::string text, const Task::Definition& task) {
    for (const auto& pattern : task.ignore) RE2::GlobalReplace(&text, *pattern, "");
    if (task.ignore_case) std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::size_t best(const std::vector<double>& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

Scores Task::grade(const Item& item, const std::vector<Response>& responses, const Graders& graders) const {
    const Definition& task = *definition_;
    Scores scores;
    if (task.kind == RequestKind::Rolling) {
        double total = 0;
        for (const Response& response : responses) total += response.logprob;
        return {{"loglikelihood", total}, {"words", static_cast<double>(item.words)}, {"bytes", static_cast<double>(item.bytes)}};
    }
    if (task.kind == RequestKind::Choice) {
        std::vector<double> raw;
        std::vector<double> per_character;
        for (std::size_t i = 0; i < responses.size() && i < item.choices.size(); ++i) {
            raw.push_back(responses[i].logprob);
            per_character.push_back(responses[i].logprob / static_cast<double>(std::max<std::size_t>(1, code_points(item.choices[i]))));
        }
        for (const MetricDefinition& metric : task.metrics) {
            const std::vector<double>& values = metric.name == "acc_norm" ? per_character : raw;
            scores[metric.name] = std::to_string(best(values)) == item.target ? 1.0 : 0.0;
        }
        return scores;
    }
    const std::string output = responses.empty() ? "" : cut(responses[0].output, task.until);
    for (const MetricDefinition& metric : task.metrics) {
        if (!task.grader.empty()) {
            const auto grader = graders.find(task.grader);
            scores[metric.name] = grader == graders.end() ? std::nullopt : grader->second(output);
            continue;
        }
        std::string answer = output;
        for (const Filter& filter : task.filters) {
            if (metric.name.ends_with("," + filter.name)) answer = extract(filter, output).value_or("[invalid]");
        }
        scores[metric.name] = normalise(answer, task) == normalise(item.target, task) ? 1.0 : 0.0;
    }
    return scores;
}

namespace {

std::optional<Aggregate> mean(const std::string& name, const std::vector<Scores>& items) {
    std::vector<double> values;
    for (const Scores& scores : items) {
        const auto found = scores.find(name);
        if (found != scores.end() && found->second) values.push_back(*found->second);
    }
    if (values.empty()) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += value;
    double squares = 0;
    for (const double value : values) squares += (value - sum / n) * (value - sum / n);
    return Aggregate{sum / n, values.size() < 2 ? 0 : std::sqrt(squares / (n - 1) / n), values.size()};
}

/// exp(-sum of log-likelihoods / sum of units), or bits. The standard error is that of the ratio of two sums, carried
/// through the function by its derivative.
std::optional<Aggregate> perplexity(const std::string& unit, bool bits, const std::vector<Scores>& items) {
    std::vector<std::pair<double, double>> pairs;
    double likelihood = 0;
    double units = 0;
    for (const Scores& scores : items) {
        const auto value = scores.find("loglikelihood");
        const auto size = scores.find(unit);
        if (value == scores.end() || size == scores.end() || !value->second || !size->second) continue;
        pairs.emplace_back(*value->second, *size->second);
        likelihood += *value->second;
        units += *size->second;
    }
    if (pairs.empty() || units <= 0) return std::nullopt;
    const double rate = -likelihood / units;
    double squares = 0;
    for (const auto& [value, size] : pairs) squares += (-value - rate * size) * (-value - rate * size);
    const auto n = static_cast<double>(pairs.size());
    const double error = n < 2 ? 0 : std::sqrt(squares * n / (n - 1)) / units;
    if (bits) return Aggregate{rate / std::log(2.0), error / std::log(2.0), pairs.size()};
    return Aggregate{std::exp(rate), std::exp(rate) * error, pairs.size()};
}

}  // namespace

std::optional<Aggregate> aggregate(const MetricDefinition& metric, const std::vector<Scores>& items) {
    switch (metric.aggregation) {
        case Aggregation::Mean: return mean(metric.name, items);
        case Aggregation::WordPerplexity: return perplexity("words", false, items);
        case Aggregation::BytePerplexity: return perplexity("bytes", false, items);
        case Aggregation::BitsPerByte: return perplexity("bytes", true, items);
    }
    return std::nullopt;
}

}  // namespace suites
