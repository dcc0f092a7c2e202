#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/data/report.hpp"

namespace reports_test {

using Values = std::vector<std::optional<double>>;

/// Text that has broken renderers: markup, templates, ill-formed bytes, controls, directions.
inline const std::string kHostile =
    "</script><script>alert(1)</script><!-- \" onmouseover='x' {{{style}}} & | `c` [a](b) \x1B[31m\r\x07 \xE2\x80\xAE"
    "txt \xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80 \xC2\x9B \xE2\x81\xA6 \xD8\x9C end \xE2\x82";

/// A metric with scores per item and the mean as its value; the standard error is given.
inline reports::data::MetricValues metric(const std::string& name, const Values& values, double standard_error = 0.1) {
    double sum = 0;
    double n = 0;
    for (const auto& value : values) {
        sum += value.value_or(0);
        n += value ? 1 : 0;
    }
    return {.name = name,
            .higher_is_better = true,
            .value = n > 0 ? sum / n : 0,
            .standard_error = standard_error,
            .values = values};
}

/// Documents 0, 1, ... with these scores.
inline reports::data::TaskView task(const std::string& name, const std::vector<reports::data::MetricValues>& metrics) {
    reports::data::TaskView view;
    view.task = name;
    view.profile = "lmeval";
    view.version = 1;
    view.metrics = metrics;
    for (const reports::data::MetricValues& values : metrics) {
        for (std::uint64_t doc = view.docs.numbers.size(); doc < values.values.size(); ++doc)
            view.docs.numbers.push_back(doc);
    }
    view.items = view.docs.numbers.size();
    return view;
}

inline reports::data::RunView run(std::int64_t id, const std::string& variant,
                                  const std::vector<reports::data::TaskView>& tasks) {
    reports::data::RunView view;
    view.id = id;
    view.variant = variant;
    view.model = variant + "-model";
    view.fingerprint = "0123456789abcdef0123456789abcdef";
    view.settings = {{"device", "a device"}, {"numerics", "exact-3"}};
    view.created = "2026-01-02T03:04:05Z";
    view.complete = true;
    view.tasks = tasks;
    return view;
}

/// Values of 0 and 1, written "1101"; '-' is unscored.
inline Values marks(const std::string& text) {
    Values values;
    for (const char c : text) values.push_back(c == '-' ? std::nullopt : std::optional(c == '1' ? 1.0 : 0.0));
    return values;
}

}  // namespace reports_test
