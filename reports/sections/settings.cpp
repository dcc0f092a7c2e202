#include "reports/sections/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/sections/cells.hpp"
#include "reports/text/excerpt.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

/// Settings of each run; none where the run lacks the task.
using Sides = std::vector<std::optional<data::Settings>>;

std::optional<std::string> value_of(const std::optional<data::Settings>& side, const std::string& name) {
    if (!side) return std::nullopt;
    const auto found = std::find_if(side->begin(), side->end(),
                                    [&name](const data::Setting& setting) { return setting.name == name; });
    return found == side->end() ? std::nullopt : std::optional(found->value);
}

/// Every name once, in the order of the first side that has it.
std::vector<std::string> names_of(const Sides& sides) {
    std::vector<std::string> names;
    for (const auto& side : sides) {
        if (!side) continue;
        for (const data::Setting& setting : *side) {
            if (std::find(names.begin(), names.end(), setting.name) == names.end()) names.push_back(setting.name);
        }
    }
    return names;
}

void add_differences(const std::string& task, const Sides& sides, std::vector<SettingDifference>& found) {
    for (const std::string& name : names_of(sides)) {
        SettingDifference difference{.task = task, .name = name, .values = {}};
        std::optional<std::optional<std::string>> first;
        bool same = true;
        for (const auto& side : sides) {
            difference.values.push_back(value_of(side, name));
            if (!side) continue;
            if (!first) first = difference.values.back();
            same = same && *first == difference.values.back();
        }
        if (!same) found.push_back(std::move(difference));
    }
}

data::Settings all_settings(const data::TaskView& task) {
    data::Settings all = {{"version", std::to_string(task.version)},
                          {"profile", task.profile},
                          {"few-shot examples", std::to_string(task.fewshot)}};
    all.insert(all.end(), task.settings.begin(), task.settings.end());
    for (const data::Setting& field : task.definition) all.push_back({"task definition: " + field.name, field.value});
    return all;
}

const data::TaskView* task_named(const data::RunView& run, const std::string& name) {
    const auto found = std::find_if(run.tasks.begin(), run.tasks.end(),
                                    [&name](const data::TaskView& task) { return task.task == name; });
    return found == run.tasks.end() ? nullptr : &*found;
}

std::vector<std::string> task_names(const std::vector<data::RunView>& runs) {
    std::vector<std::string> names;
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            if (std::find(names.begin(), names.end(), task.task) == names.end()) names.push_back(task.task);
        }
    }
    return names;
}

/// What stands in a table: the whole value, or where values that do not fit part.
std::vector<std::string> shown_values(const std::vector<std::optional<std::string>>& values) {
    constexpr std::size_t kColumns = 48;
    std::vector<std::string> texts;
    for (const auto& value : values) texts.push_back(value.value_or(""));
    const bool fit = std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
        return text.find('\n') == std::string::npos && text::display_width(text) <= kColumns;
    });
    std::vector<std::string> shown = fit ? texts : text::excerpts(texts);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i]) shown[i] = kNone;
        if (values[i] && values[i]->empty()) shown[i] = "none";
    }
    return shown;
}

std::string task_text(const FoldedDifference& row) {
    if (row.first.task.empty()) return "all";
    const std::string name = name_text(row.first.task);
    return row.tasks == 1 ? name : fmt::format("{} and {} more", name, row.tasks - 1);
}

/// Follows from other settings as a rule, so that it tells something only where no other does.
bool is_hash(const FoldedDifference& row) {
    return row.first.name.starts_with("hash of");
}

}  // namespace

std::vector<SettingDifference> setting_differences(const std::vector<data::RunView>& runs) {
    std::vector<SettingDifference> found;
    Sides sides;
    for (const data::RunView& run : runs) sides.emplace_back(run.settings);
    add_differences("", sides, found);
    for (const std::string& name : task_names(runs)) {
        sides.clear();
        for (const data::RunView& run : runs) {
            const data::TaskView* task = task_named(run, name);
            sides.push_back(task == nullptr ? std::nullopt : std::optional(all_settings(*task)));
        }
        add_differences(name, sides, found);
    }
    return found;
}

std::vector<FoldedDifference> folded_differences(const std::vector<data::RunView>& runs) {
    std::vector<FoldedDifference> rows;
    for (SettingDifference& difference : setting_differences(runs)) {
        const auto known = std::find_if(rows.begin(), rows.end(), [&difference](const FoldedDifference& row) {
            return !row.first.task.empty() && !difference.task.empty() && row.first.name == difference.name;
        });
        if (known != rows.end()) {
            ++known->tasks;
        } else {
            std::vector<std::string> shown = shown_values(difference.values);
            rows.push_back({std::move(difference), 1, std::move(shown)});
        }
    }
    return rows;
}

std::vector<std::string> distinguishing_texts(const std::vector<data::RunView>& runs) {
    constexpr std::size_t kMaxSettings = 3;
    std::vector<FoldedDifference> rows = folded_differences(runs);
    const bool told = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !is_hash(row); });
    if (told) std::erase_if(rows, is_hash);
    std::vector<std::string> texts;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        std::string text;
        std::size_t settings = 0;
        for (const FoldedDifference& row : rows) {
            if (!row.first.values[run] || ++settings > kMaxSettings) continue;
            constexpr std::string_view kDefinition = "task definition: ";
            const std::string& name = row.first.name;
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                                name.starts_with(kDefinition) ? name.substr(kDefinition.size()) : name, row.shown[run]);
        }
        if (settings > kMaxSettings) text += fmt::format(" and {} more", settings - kMaxSettings);
        texts.push_back(std::move(text));
    }
    return texts;
}

Table setting_difference_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Settings that differ",
                .caption = "What the numbers below depend on beside the models.",
                .titles = {"task", "setting", "run", "value"},
                .columns = {Key, Key, Run, Text},
                .rows = {},
                .run_of_row = {}};
    for (const FoldedDifference& row : folded_differences(runs)) {
        for (std::size_t i = 0; i < runs.size(); ++i) {
            table.rows.push_back({task_text(row), name_text(row.first.name), run_name(runs[i]), row.shown[i]});
            table.run_of_row.push_back(i);
        }
    }
    return table;
}

Table settings_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    constexpr std::size_t kColumns = 80;
    Table table{.heading = runs.size() == 1 ? "Settings" : "Settings of all runs",
                .caption = "What the numbers depend on beside the model.",
                .titles = {"setting", "value"},
                .columns = {Key, Text},
                .rows = {},
                .run_of_row = {}};
    if (runs.empty()) return table;
    for (const data::Setting& setting : runs.front().settings) {
        const bool shared = std::all_of(runs.begin(), runs.end(), [&setting](const data::RunView& run) {
            return std::find(run.settings.begin(), run.settings.end(), setting) != run.settings.end();
        });
        if (!shared) continue;
        table.rows.push_back(
            {name_text(setting.name), setting.value.empty() ? "none" : text::shortened(setting.value, kColumns)});
        table.run_of_row.push_back(0);
    }
    return table;
}

}  // namespace reports::sections
