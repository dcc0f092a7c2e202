#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::data {

/// A number that others published.
struct PublishedNumber {
    std::string model;
    std::string profile;
    std::optional<std::uint32_t> fewshot;  ///< none: not stated, or mixed
    double value = 0;                      ///< as printed, in the unit of the run's value
    std::optional<double> corrected;       ///< what an erroneous cell should say
    std::string source;
    std::string table;  ///< its number in the source
    std::string remark;
};

/// A run's number beside a published one. Rates from 0 to 1, perplexities as they are.
struct PublishedRow {
    std::int64_t run = 0;
    std::string variant;
    std::string task;  ///< or a group's
    std::string metric;
    double value = 0;
    std::optional<Interval> ci95;  ///< none: a single item
    PublishedNumber published;
    std::string not_compared;  ///< why the two do not measure the same; empty: they do

    double expected() const { return published.corrected.value_or(published.value); }
    double difference() const { return value - expected(); }
    /// The published value is inside the run's interval.
    bool inside() const { return ci95 && expected() >= ci95->low && expected() <= ci95->high; }
};

/// Runs beside the published numbers of one model.
struct Published {
    std::string model;
    std::vector<PublishedRow> rows;
};

}  // namespace reports::data
