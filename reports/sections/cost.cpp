#include "reports/sections/cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/sections/cells.hpp"

namespace reports::sections {
namespace {

std::optional<std::uint64_t> tokens_of(const data::CostView& cost) {
    if (!cost.prompt_tokens || !cost.answer_tokens) return std::nullopt;
    return *cost.prompt_tokens + *cost.answer_tokens;
}

std::string count_text(const std::optional<std::uint64_t>& count) {
    return count ? std::to_string(*count) : kNone;
}

std::string device_of(const data::RunView& run) {
    const auto found = std::find_if(run.settings.begin(), run.settings.end(),
                                    [](const data::Setting& setting) { return setting.name == "device"; });
    return found == run.settings.end() || found->value.empty() ? kNone : found->value;
}

}  // namespace

bool is_cost_known(const data::RunView& run) {
    return run.cost.seconds || run.cost.prompt_tokens || run.cost.weight_bytes;
}

std::optional<double> tokens_per_second(const data::CostView& cost) {
    const std::optional<std::uint64_t> tokens = tokens_of(cost);
    if (!tokens || cost.seconds.value_or(0) < 1) return std::nullopt;
    return static_cast<double>(*tokens) / *cost.seconds;
}

std::string rate_text(double rate) {
    if (rate <= 0) return kNone;
    return rate < 100 ? fmt::format("{:.1f}", rate) : fmt::format("{:.0f}", rate);
}

std::string duration_text(double seconds) {
    if (seconds < 1) return "less than 1 s";
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string size_text(std::uint64_t bytes) {
    constexpr double kKibi = 1024;
    const auto size = static_cast<double>(bytes);
    if (size >= kKibi * kKibi * kKibi) return fmt::format("{:.2f} GiB", size / kKibi / kKibi / kKibi);
    if (size >= kKibi * kKibi) return fmt::format("{:.1f} MiB", size / kKibi / kKibi);
    return fmt::format("{:.0f} KiB", size / kKibi);
}

std::string cost_text(const data::RunView& run) {
    const data::CostView& cost = run.cost;
    std::string text = cost.seconds ? duration_text(*cost.seconds) : "time not known";
    if (const std::optional<std::uint64_t> tokens = tokens_of(cost)) text += fmt::format(" for {} tokens", *tokens);
    if (const std::optional<double> rate = tokens_per_second(cost))
        text += fmt::format(" ({} tokens/s)", rate_text(*rate));
    if (cost.weight_bytes) {
        text += fmt::format(", weights {}{}", size_text(*cost.weight_bytes),
                            cost.quantisation.empty() ? "" : " (" + cost.quantisation + ")");
    }
    return text;
}

Table cost_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Cost",
                .caption =
                    "Time from the start of a run to its end, pauses and other work of the machine included; it can be "
                    "compared only between runs on one device. Tokens of a prompt count in every request that has it.",
                .titles = {"run", "time", "prompt tokens", "answer tokens", "tokens/s", "weights", "type", "device"},
                .columns = {Run, Number, Number, Number, Number, Number, Text, Text},
                .rows = {},
                .run_of_row = {}};
    if (std::none_of(runs.begin(), runs.end(), is_cost_known)) return table;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const data::CostView& cost = runs[i].cost;
        const std::optional<double> rate = tokens_per_second(cost);
        add_row(table,
                {run_name(runs[i]), cost.seconds ? duration_text(*cost.seconds) : "not known",
                 count_text(cost.prompt_tokens), count_text(cost.answer_tokens), rate ? rate_text(*rate) : kNone,
                 cost.weight_bytes ? size_text(*cost.weight_bytes) : kNone,
                 cost.quantisation.empty() ? kNone : cost.quantisation, name_text(device_of(runs[i]))},
                i);
    }
    return table;
}

}  // namespace reports::sections
