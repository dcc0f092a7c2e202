#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::data {

/// A published result.
struct PublishedNumber {
    std::string model;
    std::string profile;
    std::optional<std::uint32_t> fewshot;  ///< none: not stated, or mixed
    double value = 0;                      ///< as printed, in the unit of the run's value
    std::optional<double> corrected;       ///< correct value of an erroneous cell
    std::string source;
    std::string table;  ///< number of the table in the source
    std::string remark;
};

/// A run's number and the published one. Rates from 0 to 1, perplexities unscaled.
struct PublishedRow {
    std::int64_t run = 0;
    std::string variant;
    std::string task;  ///< name of a task or group
    std::string metric;
    double value = 0;
    std::optional<Interval> ci95;  ///< none for a single item
    PublishedNumber published;
    std::string not_compared;  ///< why the two numbers are not comparable; empty: they are

    double expected() const { return published.corrected.value_or(published.value); }
    double difference() const { return value - expected(); }
    /// Whether the published value is inside the run's interval.
    bool inside() const { return ci95 && expected() >= ci95->low && expected() <= ci95->high; }
};

/// Runs compared with the published numbers of one model.
struct Published {
    std::string model;
    std::vector<PublishedRow> rows;
};

}  // namespace reports::data
