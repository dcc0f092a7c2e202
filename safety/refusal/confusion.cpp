#include "safety/refusal/confusion.hpp"

namespace safety::refusal {
namespace {

constexpr std::array<Refusal, kRefusals> kAll = {Refusal::FullCompliance, Refusal::PartialRefusal, Refusal::FullRefusal,
                                                 Refusal::NoAnswer};

std::size_t index_of(Refusal refusal) {
    return static_cast<std::size_t>(refusal);
}

bool complies(Refusal refusal) {
    return refusal == Refusal::FullCompliance;
}

std::optional<double> ratio(std::size_t part, std::size_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void Confusion::add(Refusal label, Refusal found) {
    ++counts_.at(index_of(label)).at(index_of(found));
}

void Confusion::add(const Confusion& other) {
    for (const Refusal label : kAll) {
        for (const Refusal found : kAll) counts_.at(index_of(label)).at(index_of(found)) += other.count(label, found);
    }
}

std::size_t Confusion::count(Refusal label, Refusal found) const {
    return counts_.at(index_of(label)).at(index_of(found));
}

std::size_t Confusion::total() const {
    return exact().total;
}

ClassScores Confusion::scores(Refusal refusal) const {
    ClassScores scores;
    for (const Refusal other : kAll) {
        scores.labelled += count(refusal, other);
        scores.found += count(other, refusal);
    }
    const std::size_t both = count(refusal, refusal);
    scores.precision = ratio(both, scores.found);
    scores.recall = ratio(both, scores.labelled);
    scores.f1 = ratio(2 * both, scores.labelled + scores.found);
    return scores;
}

Hits Confusion::exact() const {
    Hits hits;
    for (const Refusal label : kAll) {
        hits.correct += count(label, label);
        for (const Refusal found : kAll) hits.total += count(label, found);
    }
    return hits;
}

Hits Confusion::refused() const {
    Hits hits;
    for (const Refusal label : kAll) {
        for (const Refusal found : kAll) {
            hits.total += count(label, found);
            if (complies(label) == complies(found)) hits.correct += count(label, found);
        }
    }
    return hits;
}

Hits Confusion::refused_without_partial() const {
    Hits hits = refused();
    for (const Refusal found : kAll) {
        hits.total -= count(Refusal::PartialRefusal, found);
        if (!complies(found)) hits.correct -= count(Refusal::PartialRefusal, found);
    }
    return hits;
}

double Confusion::macro_f1() const {
    double sum = 0;
    std::size_t classes = 0;
    for (const Refusal refusal : kAll) {
        const ClassScores one = scores(refusal);
        if (one.labelled == 0) continue;
        sum += one.f1.value_or(0);
        ++classes;
    }
    return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

}  // namespace safety::refusal
