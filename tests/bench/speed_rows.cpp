#include "speed_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bench {
namespace {

constexpr double kFastPrefill = 0.8;  // shares of llama.cpp's rate on the processor
constexpr double kExactPrefill = 0.6;
constexpr double kDecode = 0.7;

struct Type {
    const char* key;
    const char* name;
};
constexpr Type kTypes[] = {{"q4_0", "Q4_0"}, {"q8_0", "Q8_0"}, {"q4_k", "Q4_K"}, {"f16", "F16"}};

void add_rates(std::vector<Row>& rows, const char* work, const char* title) {
    const bool prefill = std::string_view(work) == "prefill";
    for (const char* numerics : {"fast", "exact"}) {
        const double goal = !prefill ? kDecode : std::string_view(numerics) == "fast" ? kFastPrefill : kExactPrefill;
        for (const Type& type : kTypes) {
            // Fast numerics are for quantised matrices only.
            if (std::string_view(numerics) == "fast" && std::string_view(type.key) == "f16") continue;
            rows.push_back({.key = fmt::format("{}-{}-{}", work, type.key, numerics),
                            .title = fmt::format("{}, {}, {}", title, type.name, numerics),
                            .unit = "tokens/s",
                            .goal = goal,
                            .goal_is_of_peer = true,
                            .peer = fmt::format("{}-{}", work, type.key),
                            .digits = 1});
        }
    }
}

void add_start(std::vector<Row>& rows) {
    const auto start = [&rows](const char* key, const char* title, double goal, const char* peer) {
        rows.push_back({.key = key, .title = title, .unit = "s", .better = Better::Lower, .goal = goal, .peer = peer});
    };
    start("start", "start to first token", 0.8, "start");
    start("start-cpu", "the same, processor time", 0, "start-cpu");
    start("start-kept", "start to first token, --weights-cache", 0.8, "start");
    start("start-cold", "start to first token, kernels not compiled yet", 0, "");
    rows.push_back({.key = "memory",
                    .title = "peak memory of the 5-shot MMLU run, fast",
                    .unit = "GiB",
                    .better = Better::Lower,
                    .goal = 1.25,
                    .peer = "memory"});
}

/// `report`, `compare` ... on two runs of the database.
void add_store(std::vector<Row>& rows, bool has_goals) {
    for (const auto& [key, title] :
         {std::pair("report", "report, 2 runs"), std::pair("compare", "compare"),
          std::pair("compare-items", "compare --items"), std::pair("show", "show"), std::pair("export", "export"),
          std::pair("export-lm-eval", "export --format lm-eval")}) {
        rows.push_back({.key = fmt::format("{}-cpu", key),
                        .title = fmt::format("{}: processor time", title),
                        .unit = "s",
                        .better = Better::Lower,
                        .goal = has_goals ? 5.0 : 0});
        rows.push_back({.key = fmt::format("{}-memory", key),
                        .title = fmt::format("{}: peak memory", title),
                        .unit = "MB",
                        .better = Better::Lower,
                        .goal = has_goals ? 300.0 : 0,
                        .digits = 0});
    }
}

std::string number(double value, const Row& row) {
    return fmt::format("{:.{}f}", value, row.digits);
}

std::string range(const std::vector<double>& sorted, const Row& row, Form form) {
    if (sorted.empty()) return "–";
    std::string middle = number(median_of(sorted), row);
    if (sorted.size() == 1) return middle;
    if (form == Form::Markdown)
        return fmt::format("{} ({} to {})", middle, number(sorted.front(), row), number(sorted.back(), row));
    return fmt::format("{} / {} / {}", number(sorted.front(), row), middle, number(sorted.back(), row));
}

std::string goal_text(const Row& row) {
    if (row.goal == 0) return "–";
    const char* sign = row.better == Better::Higher ? "≥" : "<";
    return fmt::format("{} {:g}{}", sign, row.goal, row.goal_is_of_peer ? " ×" : "");
}

/// How many times as good as the peer: above 1 is better, whatever the unit.
std::string ratio_text(const Row& row, const std::vector<double>& ours, const std::vector<double>& peer) {
    if (ours.empty() || peer.empty()) return "–";
    const double ratio = median_of(ours) / median_of(peer);
    return fmt::format("{:.2f} ×", row.better == Better::Higher ? ratio : 1 / ratio);
}

std::size_t width_of(const std::string& text) {
    // Continuation bytes of UTF-8 take no column.
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string laid_out(const std::vector<std::vector<std::string>>& cells, Form form) {
    std::string text;
    if (form == Form::Markdown) {
        for (std::size_t line = 0; line < cells.size(); ++line) {
            text += fmt::format("| {} |\n", fmt::join(cells[line], " | "));
            if (line > 0) continue;
            for (std::size_t i = 0; i < cells[0].size(); ++i) text += "|---";
            text += "|\n";
        }
        return text;
    }
    std::vector<std::size_t> widths(cells.front().size());
    for (const auto& line : cells)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
    for (const auto& line : cells) {
        for (std::size_t i = 0; i < line.size(); ++i)
            text += line[i] + (i + 1 == line.size() ? "" : std::string(widths[i] - width_of(line[i]) + 2, ' '));
        text += '\n';
    }
    return text;
}

}  // namespace

std::vector<Row> all_rows(std::uint64_t items) {
    const auto questions = [](const char* key, const char* title, double goal, bool of_peer, const char* peer) {
        return Row{
            .key = key, .title = title, .unit = "questions/s", .goal = goal, .goal_is_of_peer = of_peer, .peer = peer};
    };
    std::vector<Row> rows = {questions("mmlu-fast", "5-shot MMLU, fast", 0.73, false, "mmlu"),
                             questions("mmlu-exact", "5-shot MMLU, exact", 0.5, false, "mmlu"),
                             questions("arc-fast", "zero-shot ARC, fast", 1.3, true, "arc"),
                             questions("arc-exact", "zero-shot ARC, exact", 0, true, "arc"),
                             questions("hellaswag-fast", "zero-shot HellaSwag, fast", 1.3, true, "hellaswag"),
                             questions("hellaswag-exact", "zero-shot HellaSwag, exact", 0, true, "hellaswag")};
    add_rates(rows, "prefill", "prompt of 256 tokens");
    add_rates(rows, "decode", "decoding");
    for (const char* numerics : {"fast", "exact"}) {
        const bool fast = std::string_view(numerics) == "fast";
        rows.push_back({.key = fmt::format("generation-{}", numerics),
                        .title = fmt::format("32 sequences at once, {}", numerics),
                        .unit = "tokens/s",
                        .goal = fast ? 1.2 : 0,
                        .goal_is_of_peer = true,
                        .peer = "generation",
                        .digits = 1});
    }
    add_start(rows);
    add_store(rows, items == kGoalItems);
    return rows;
}

std::vector<double> Values::of(const std::string& who, const std::string& key) const {
    const auto rows = values_.find(who);
    if (rows == values_.end() || !rows->second.contains(key)) return {};
    std::vector<double> sorted = rows->second.at(key);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

void Values::read(const std::string& path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
        if (!value.is_object()) throw std::runtime_error(fmt::format("{}: not a file of results: {}", path, line));
        add(value.at("who"), value.at("key"), value.at("value"));
    }
}

std::string line_of(const std::string& who, const std::string& key, double value) {
    return nlohmann::json{{"who", who}, {"key", key}, {"value", value}}.dump() + "\n";
}

double median_of(const std::vector<double>& sorted) {
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.at(half) : (sorted.at(half - 1) + sorted.at(half)) / 2;
}

std::optional<bool> reached(const Row& row, const Values& values) {
    const std::vector<double> ours = values.of("ours", row.key);
    const std::vector<double> peer = values.of("peer", row.peer);
    if (row.goal == 0 || ours.empty() || (row.goal_is_of_peer && peer.empty())) return std::nullopt;
    const double wanted = row.goal * (row.goal_is_of_peer ? median_of(peer) : 1);
    const double value = median_of(ours);
    return row.better == Better::Higher ? value >= wanted : value <= wanted;
}

std::string table_of(const std::vector<Row>& rows, const Values& values, Form form) {
    std::vector<std::vector<std::string>> cells = {{"", "unit",
                                                    form == Form::Markdown ? "Bellwether" : "ours: min / median / max",
                                                    "llama.cpp", "ratio", "goal", "reached"}};
    for (const Row& row : rows) {
        const std::vector<double> ours = values.of("ours", row.key);
        const std::vector<double> peer = values.of("peer", row.peer);
        if (ours.empty()) continue;
        const std::optional<bool> is_reached = reached(row, values);
        cells.push_back({row.title, row.unit, range(ours, row, form), range(peer, row, form),
                         ratio_text(row, ours, peer), goal_text(row),
                         !is_reached   ? "–"
                         : *is_reached ? "yes"
                                       : "no"});
    }
    return cells.size() == 1 ? "" : laid_out(cells, form);
}

std::string promise_of(const Values& values, Form form) {
    constexpr std::string_view kFast = "-fast";
    std::vector<std::vector<std::string>> cells = {{"", "exact", "fast", "exact costs"}};
    for (const Row& row : all_rows()) {
        if (!row.key.ends_with(kFast)) continue;
        const std::string exact_key = row.key.substr(0, row.key.size() - kFast.size()) + "-exact";
        const std::vector<double> fast = values.of("ours", row.key);
        const std::vector<double> exact = values.of("ours", exact_key);
        if (fast.empty() || exact.empty()) continue;
        const std::string title = row.title.substr(0, row.title.rfind(','));
        cells.push_back({fmt::format("{}, {}", title, row.unit), number(median_of(exact), row),
                         number(median_of(fast), row),
                         fmt::format("{:.0f} %", (1 - median_of(exact) / median_of(fast)) * 100)});
    }
    return cells.size() == 1 ? "" : laid_out(cells, form);
}

}  // namespace bench
