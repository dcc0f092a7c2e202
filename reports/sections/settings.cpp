#include "reports/sections/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "reports/sections/cells.hpp"
#include "reports/sections/scores.hpp"
#include "reports/text/excerpt.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

/// The settings of one run, or of a task of it.
struct Side {
    bool is_there = true;  ///< whether the run has the task
    bool is_whole = true;  ///< false for logs, which lack some settings: a missing one is not a difference
    data::Settings settings = {};
};
using Sides = std::vector<Side>;

std::optional<std::string> value_of(const Side& side, const std::string& name) {
    const auto found = std::find_if(side.settings.begin(), side.settings.end(),
                                    [&name](const data::Setting& setting) { return setting.name == name; });
    return found == side.settings.end() ? std::nullopt : std::optional(found->value);
}

/// Every name once, in the order of the first side that has it.
std::vector<std::string> names_of(const Sides& sides) {
    std::vector<std::string> names;
    for (const Side& side : sides) {
        for (const data::Setting& setting : side.settings) {
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
        for (const Side& side : sides) {
            difference.values.push_back(value_of(side, name));
            if (!side.is_there || (!side.is_whole && !difference.values.back())) continue;
            if (!first) first = difference.values.back();
            same = same && *first == difference.values.back();
        }
        if (!same) found.push_back(std::move(difference));
    }
}

/// The settings that identify a model file, for a run whose model name another run has too; otherwise the name
/// suffices.
data::Settings model_file(const data::RunView& run, const std::vector<data::RunView>& runs) {
    constexpr std::size_t kDigits = 12;
    const bool is_shared = std::count_if(runs.begin(), runs.end(), [&run](const data::RunView& other) {
                               return other.variant == run.variant && !other.imported;
                           }) > 1;
    if (run.imported || !is_shared) return {};
    return {{"model file", run.fingerprint.substr(0, kDigits)}};
}

enum class Definitions { Compared, LeftOut };

data::Settings all_settings(const data::TaskView& task, Definitions definitions) {
    data::Settings all = {{"version", std::to_string(task.version)},
                          {"profile", task.profile},
                          {"few-shot examples", std::to_string(task.fewshot)}};
    all.insert(all.end(), task.settings.begin(), task.settings.end());
    if (definitions == Definitions::LeftOut) return all;
    for (const data::Setting& field : task.definition) all.push_back({"task definition: " + field.name, field.value});
    return all;
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

/// Cell texts: the complete value, or for values that do not fit an excerpt around the place where they differ.
std::vector<std::string> shown_values(const std::vector<std::optional<std::string>>& values) {
    constexpr std::size_t kColumns = 48;
    std::vector<std::string> texts;
    texts.reserve(values.size());
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

/// Usually follows from other settings, so it is shown only if no other setting differs.
bool is_hash(std::string_view setting) {
    return setting.starts_with("hash of");
}

/// Whether more than half of the runs that could have this value have it; a list then need not show it.
bool is_usual(const FoldedDifference& row, const std::vector<data::RunView>& runs, std::size_t run) {
    const auto& values = row.first.values;
    const auto could = [&row](const data::RunView& view) {
        return row.first.task.empty() || task_named(view, row.first.task) != nullptr;
    };
    return 2 * std::count(values.begin(), values.end(), values[run]) > std::count_if(runs.begin(), runs.end(), could);
}

/// The unusual settings of one run.
std::string told(const std::vector<FoldedDifference>& rows, const std::vector<data::RunView>& runs, std::size_t run) {
    constexpr std::size_t kMaxSettings = 3;
    constexpr std::string_view kDefinition = "task definition: ";
    std::string text;
    std::size_t settings = 0;
    for (const FoldedDifference& row : rows) {
        if (!row.first.values[run] || is_usual(row, runs, run) || ++settings > kMaxSettings) continue;
        const std::string& name = row.first.name;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                            name.starts_with(kDefinition) ? name.substr(kDefinition.size()) : name, row.shown[run]);
    }
    return settings > kMaxSettings ? text + fmt::format(" and {} more", settings - kMaxSettings) : text;
}

/// Whether every run has this setting, of the task named `task` if not empty, with this value.
bool all_have(const std::vector<const data::RunView*>& runs, const std::string& task, const data::Setting& setting) {
    return std::all_of(runs.begin(), runs.end(), [&](const data::RunView* run) {
        const data::TaskView* const view = task.empty() ? nullptr : task_named(*run, task);
        if (!task.empty() && view == nullptr) return false;
        const data::Settings& settings = view == nullptr ? run->settings : view->settings;
        return std::find(settings.begin(), settings.end(), setting) != settings.end();
    });
}

/// The settings of single tasks that all runs share, "system prompt of TASK"; one line for tasks of the same value.
data::Settings shared_of_tasks(const std::vector<const data::RunView*>& runs) {
    struct OfTasks {
        data::Setting setting;
        std::string first;
        std::size_t tasks = 0;
    };
    std::vector<OfTasks> found;
    for (const data::TaskView& task : runs.front()->tasks) {
        for (const data::Setting& setting : task.settings) {
            if (is_hash(setting.name) || !all_have(runs, task.task, setting)) continue;
            const auto known = std::find_if(found.begin(), found.end(),
                                            [&setting](const OfTasks& one) { return one.setting == setting; });
            if (known == found.end()) {
                found.push_back({setting, task.task, 1});
            } else {
                ++known->tasks;
            }
        }
    }
    data::Settings settings;
    for (const OfTasks& one : found) {
        const std::string more = one.tasks == 1 ? "" : fmt::format(" and {} more", one.tasks - 1);
        settings.push_back({fmt::format("{} of {}{}", one.setting.name, one.first, more), one.setting.value});
    }
    return settings;
}

}  // namespace

std::vector<SettingDifference> setting_differences(const std::vector<data::RunView>& runs) {
    std::vector<SettingDifference> found;
    Sides sides;
    for (const data::RunView& run : runs) {
        data::Settings settings = model_file(run, runs);
        settings.insert(settings.end(), run.settings.begin(), run.settings.end());
        sides.push_back({.is_whole = !run.imported, .settings = std::move(settings)});
    }
    add_differences("", sides, found);
    // Task settings in a log have another form than ours, so they are compared with other logs only.
    const bool only_logs = std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run.imported; });
    for (const std::string& name : task_names(runs)) {
        sides.clear();
        for (const data::RunView& run : runs) {
            const Definitions definitions = run.imported && !only_logs ? Definitions::LeftOut : Definitions::Compared;
            const data::TaskView* task = task_named(run, name);
            sides.push_back({.is_there = task != nullptr,
                             .is_whole = !run.imported,
                             .settings = task == nullptr ? data::Settings{} : all_settings(*task, definitions)});
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
    std::vector<FoldedDifference> rows = folded_differences(runs);
    const auto hashes =
        std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return !is_hash(row.first.name); });
    const std::vector<FoldedDifference> of_hashes(hashes, rows.end());
    rows.erase(hashes, rows.end());
    std::vector<std::string> texts;
    for (std::size_t run = 0; run < runs.size(); ++run) texts.push_back(told(rows, runs, run));
    const std::vector<std::string> without = texts;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        if (std::count(without.begin(), without.end(), without[run]) < 2) continue;
        const std::string more = told(of_hashes, runs, run);
        texts[run] += (texts[run].empty() || more.empty() ? "" : ", ") + more;
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

data::Settings settings_with_tasks(const data::RunView& run) {
    data::Settings settings = run.settings;
    if (run.imported) return settings;
    for (data::Setting& setting : shared_of_tasks({&run})) settings.push_back(std::move(setting));
    return settings;
}

Table settings_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    constexpr std::size_t kColumns = 80;
    std::vector<const data::RunView*> known;  // runs that are not logs, which have few settings
    for (const data::RunView& run : runs) {
        if (!run.imported) known.push_back(&run);
    }
    std::string heading = runs.size() == 1 ? "Settings" : "Settings of all runs";
    if (known.size() == 1 && runs.size() > 1) heading = "Settings of " + run_name(*known.front());
    if (known.size() > 1 && known.size() < runs.size()) heading = "Settings of all runs but those from logs";
    Table table{.heading = heading,
                .caption = "What the numbers depend on beside the model.",
                .titles = {"setting", "value"},
                .columns = {Key, Text},
                .rows = {},
                .run_of_row = {}};
    if (known.empty()) return table;
    data::Settings shared;
    for (const data::Setting& setting : known.front()->settings) {
        if (all_have(known, "", setting)) shared.push_back(setting);
    }
    for (data::Setting& setting : shared_of_tasks(known)) shared.push_back(std::move(setting));
    for (const data::Setting& setting : shared) {
        table.rows.push_back(
            {name_text(setting.name), setting.value.empty() ? "none" : text::shortened(setting.value, kColumns)});
        table.run_of_row.push_back(static_cast<std::size_t>(known.front() - runs.data()));
    }
    return table;
}

}  // namespace reports::sections
