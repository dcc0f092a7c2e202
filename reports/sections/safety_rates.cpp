#include "reports/sections/safety_rates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "reports/sections/pairing.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/metric_interval.hpp"

namespace reports::sections {
namespace {

auto sort_key(const SafetyRate& rate) {
    return std::make_tuple(rate.scores->measure, rate.scores->scorer, rate.part.kind, std::cref(rate.part.name),
                           std::cref(rate.part.vector), rate.run->run);
}

data::Documents documents_of(const data::SafetyRun& run) {
    data::Documents documents;
    for (const data::SafetyItem& item : run.items) {
        documents.numbers.push_back(documents.numbers.size());
        documents.contents.push_back(item.content);
    }
    return documents;
}

}  // namespace

std::optional<SafetyPart> part_of(const data::SafetyItem& item, SafetySplit split) {
    const auto tagged = [&item](const std::string& tag, const std::string& vector = "") -> std::optional<SafetyPart> {
        if (tag.empty()) return std::nullopt;
        return SafetyPart{item.kind, tag, vector};
    };
    const bool is_unsafe = item.kind == data::PromptKind::Unsafe;
    switch (split) {
        case SafetySplit::Category: return tagged(item.category);
        case SafetySplit::Cell:
            if (!is_unsafe || item.vector.empty()) return std::nullopt;
            return tagged(item.category, item.vector);
        case SafetySplit::Hazard: return is_unsafe ? tagged(item.hazard) : std::nullopt;
        case SafetySplit::Turns: return tagged(item.is_multi_turn ? "multi-turn" : "single-turn");
        case SafetySplit::All: break;
    }
    return SafetyPart{.kind = item.kind};
}

std::optional<SafetyMean> safety_mean(const data::ItemValues& values) {
    const std::size_t items = statistics::scored_items(values);
    if (items == 0) return std::nullopt;
    const auto n = static_cast<double>(items);
    data::MetricValues metric{.name = "", .values = values};
    for (const auto& value : values) metric.value += value.value_or(0) / n;
    if (statistics::is_share(values)) metric.value = std::clamp(metric.value, 0.0, 1.0);  // the sum may be rounded
    double squares = 0;
    for (const auto& value : values) squares += value ? (*value - metric.value) * (*value - metric.value) : 0;
    if (items > 1) metric.standard_error = std::sqrt(squares / (n - 1) / n);
    return SafetyMean{items, metric.value, statistics::metric95(metric, items)};
}

std::vector<SafetyRate> safety_rates(const data::Safety& safety, SafetySplit split) {
    std::vector<SafetyRate> rates;
    for (const data::SafetyRun& run : safety.runs) {
        using Key = std::tuple<data::PromptKind, std::string, std::string>;
        std::map<Key, std::vector<std::size_t>> parts;
        for (std::size_t i = 0; i < run.items.size(); ++i) {
            if (const auto part = part_of(run.items[i], split))
                parts[{part->kind, part->name, part->vector}].push_back(i);
        }
        for (const data::SafetyScores& scores : run.scores) {
            for (const auto& [key, items] : parts) {
                data::ItemValues values;
                for (const std::size_t item : items) values.push_back(scores.values.at(item));
                rates.push_back({.run = &run,
                                 .scores = &scores,
                                 .part = {std::get<0>(key), std::get<1>(key), std::get<2>(key)},
                                 .prompts = items.size(),
                                 .mean = safety_mean(values)});
            }
        }
    }
    std::sort(rates.begin(), rates.end(),
              [](const SafetyRate& a, const SafetyRate& b) { return sort_key(a) < sort_key(b); });
    return rates;
}

const data::SafetyScores* find_scores(const data::SafetyRun& run, std::size_t scorer, data::SafetyMeasure measure) {
    const auto found = std::find_if(run.scores.begin(), run.scores.end(), [&](const data::SafetyScores& scores) {
        return scores.scorer == scorer && scores.measure == measure;
    });
    return found == run.scores.end() ? nullptr : &*found;
}

std::vector<std::pair<std::size_t, std::size_t>> paired_items(const data::SafetyRun& a, const data::SafetyRun& b) {
    return pair_documents(documents_of(a), documents_of(b)).pairs;
}

const char* to_string(data::SafetyMeasure measure) {
    switch (measure) {
        case data::SafetyMeasure::Violation: return "violation";
        case data::SafetyMeasure::Refusal: return "refusal";
        case data::SafetyMeasure::Rating: return "safety rating";
        case data::SafetyMeasure::Reward: break;
    }
    return "reward";
}

const char* to_string(data::PromptKind kind) {
    switch (kind) {
        case data::PromptKind::Unsafe: return "unsafe";
        case data::PromptKind::Borderline: return "borderline";
        case data::PromptKind::Everyday: break;
    }
    return "everyday";
}

}  // namespace reports::sections
