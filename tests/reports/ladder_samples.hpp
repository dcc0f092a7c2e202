#pragma once

#include "reports/data/ladder.hpp"
#include "tests/reports/samples.hpp"

namespace reports_test {

inline reports::data::Estimate estimate(double value, double error) {
    return {value, error, reports::data::Interval{value - 2 * error, value + 2 * error}};
}

inline reports::data::Divergence divergence(double kl) {
    return {.kl = estimate(kl, kl / 10),
            .kl_median = kl / 2,
            .kl_p90 = kl * 2,
            .kl_p99 = kl * 3,
            .kl_p999 = kl * 4,
            .kl_max = kl * 5,
            .same_top = estimate(0.9, 0.01),
            .perplexity = estimate(6.5, 0.25),
            .perplexity_ratio = estimate(1.0125, 0.0025),
            .probability_change = estimate(-0.0015, 0.0005),
            .probability_change_rms = estimate(0.03, 0.001)};
}

/// `fingerprint` is the name, too.
inline reports::data::LadderModel ladder_model(const std::string& name, double kl, std::uint64_t weight_bytes) {
    return {.variant = name,
            .fingerprint = name,
            .quantisation = "Q4_0",
            .file_bytes = weight_bytes + 1000,
            .weight_bytes = weight_bytes,
            .parameters = 1000000,
            .prompt_rate = 1234.5,
            .answer_rate = 56.78,
            .divergence = divergence(kl)};
}

/// F16, Q8 and Q2, in this order.
inline reports::data::Ladder ladder() {
    return {.text = "book.txt",
            .text_fingerprint = "ab12",
            .tokens = 512,
            .text_tokens = 2048,
            .windows = 4,
            .window_tokens = 128,
            .device = "a device",
            .numerics = "exact-4",
            .models = {ladder_model("F16", 0, 2000000), ladder_model("Q8", 0.00012345, 1062500),
                       ladder_model("Q2", 0.25, 330000)}};
}

/// A run of a ladder's model.
inline reports::data::RunView ladder_run(std::int64_t id, const std::string& name, const Values& scores) {
    reports::data::RunView view = run(id, name, {task("quiz", {metric("acc", scores)})});
    view.fingerprint = name;
    return view;
}

}  // namespace reports_test
