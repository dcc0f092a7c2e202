#include "reports/sections/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kRunColumns = 40;
constexpr std::size_t kNameColumns = 48;

}  // namespace

std::string number(double value) {
    if (!std::isfinite(value)) return kNone;
    if (std::abs(value) >= 1e7) return fmt::format("{:.4e}", value);
    const std::string text = fmt::format("{:.4f}", value);
    return text == "-0.0000" ? "0.0000" : text;
}

std::string number(const std::optional<double>& value) {
    return value ? number(*value) : kNone;
}

std::string range(const std::optional<data::Interval>& interval) {
    return interval ? number(interval->low) + " to " + number(interval->high) : kNone;
}

std::string signed_number(double value) {
    return value == 0 || !std::isfinite(value) ? number(value) : fmt::format("{:+.4f}", value);
}

std::string signed_range(const std::optional<data::Interval>& interval) {
    return interval ? signed_number(interval->low) + " to " + signed_number(interval->high) : kNone;
}

std::string probability(const std::optional<double>& p) {
    if (!p) return kNone;
    return *p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", *p);
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string name_text(const std::string& name) {
    return text::shortened(name, kNameColumns);
}

std::string run_name(const data::RunView& run) {
    return fmt::format("{} (run {}{})", text::shortened(run.variant, kRunColumns), run.id,
                       run.complete ? "" : ", unfinished");
}

std::string task_details(const data::TaskView& task) {
    return fmt::format("{}{}version {}, {}-shot, {}", task.profile, task.profile.empty() ? "" : ", ", task.version,
                       task.fewshot, counted(task.items, "item"));
}

std::size_t run_index(const std::vector<data::RunView>& runs, std::int64_t id) {
    const auto found = std::find_if(runs.begin(), runs.end(), [id](const data::RunView& run) { return run.id == id; });
    return static_cast<std::size_t>(found - runs.begin());
}

}  // namespace reports::sections
