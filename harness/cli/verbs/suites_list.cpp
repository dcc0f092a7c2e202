#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/task_summary.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/suggestion.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;

constexpr std::size_t kMinFamily = 4;  // smaller families are listed task by task

struct SuitesListOptions {
    std::vector<std::string> filters;
    std::vector<std::string> tasks;  ///< folders
    bool all = false;
    bool json = false;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// True if every filter occurs in the name or the description, ignoring case.
bool matches(const SuitesListOptions& options, const std::string& name, const std::string& description) {
    const std::string text = lower(name + "\n" + description);
    return std::all_of(options.filters.begin(), options.filters.end(),
                       [&text](const std::string& filter) { return text.find(lower(filter)) != std::string::npos; });
}

/// "mmlu" for "mmlu_anatomy"; "paper_mmlu" for "paper_mmlu_anatomy".
std::string family_of(const std::string& name) {
    const std::size_t start = name.starts_with("paper_") ? 6 : 0;
    return name.substr(0, name.find('_', start));
}

/// A row of the list: a task or a group.
struct Entry {
    std::string name;
    std::string profile;
    std::vector<std::string> facts;  ///< the columns between name and description
    std::string description;
};

/// Whether one line can replace both entries. The entry named like its family, such as the group mmlu, always has its
/// own line.
bool are_alike(const Entry& a, const Entry& b) {
    const std::string family = family_of(a.name);
    return family == family_of(b.name) && a.name != family && b.name != family && a.profile == b.profile &&
           a.facts == b.facts;
}

/// Shortens a description that is too long for a line: up to the last separator that fits.
std::string brief(const std::string& description) {
    constexpr std::size_t kLine = 48;
    if (description.size() <= kLine) return description;
    std::size_t end = description.size();
    for (std::size_t at = description.find_first_of(":;,"); at <= kLine;
         at = description.find_first_of(":;,", at + 1)) {
        if (description.substr(at + 1).starts_with(' ')) end = at;  // not the comma in "6,511"
    }
    return description.substr(0, end);
}

/// The common start of all descriptions, up to a colon or comma; if there is none, the first description with its
/// task's name.
std::string common_description(const std::vector<Entry>& entries, std::size_t first, std::size_t end) {
    const std::string& description = entries[first].description;
    std::size_t length = description.size();
    for (std::size_t i = first + 1; i < end; ++i) {
        const auto [differs, ignored] = std::mismatch(description.begin(), description.end(),
                                                      entries[i].description.begin(), entries[i].description.end());
        length = std::min(length, static_cast<std::size_t>(differs - description.begin()));
    }
    const std::size_t mark = description.substr(0, length).find_last_of(":,");
    return mark == std::string::npos ? fmt::format("such as {}: {}", entries[first].name, description)
                                     : description.substr(0, mark);
}

std::vector<std::string> row_of(std::string name, const Entry& entry, std::string description) {
    std::vector<std::string> row = {std::move(name)};
    row.insert(row.end(), entry.facts.begin(), entry.facts.end());
    row.push_back(std::move(description));
    return row;
}

enum class Families { Folded, Listed };

/// Adds the entries of one profile; a family of `unit` ("tasks") becomes one row if families are folded.
void add_rows(const std::vector<Entry>& entries, const std::string& unit, Families families, Table& table) {
    for (std::size_t first = 0; first < entries.size();) {
        std::size_t end = first + 1;
        while (end < entries.size() && are_alike(entries[first], entries[end])) ++end;
        if (families == Families::Folded && end - first >= kMinFamily) {
            table.rows.push_back(row_of(fmt::format("{}_* ({} {})", family_of(entries[first].name), end - first, unit),
                                        entries[first], brief(common_description(entries, first, end))));
        } else {
            for (std::size_t i = first; i < end; ++i) {
                const std::string& whole = entries[i].description;
                table.rows.push_back(
                    row_of(entries[i].name, entries[i], families == Families::Folded ? brief(whole) : whole));
            }
        }
        first = end;
    }
}

std::vector<Entry> matching_tasks(const suites::Catalog& catalog, const SuitesListOptions& options) {
    std::vector<Entry> entries;
    for (const suites::Task& task : catalog.tasks()) {
        if (!matches(options, task.name(), task.description())) continue;
        entries.push_back(
            {.name = task.name(),
             .profile = task.profile(),
             .facts = {std::string(suites::to_string(task.kind())), std::to_string(task.default_fewshot())},
             .description = task.description()});
    }
    return entries;
}

std::vector<Entry> matching_groups(const suites::Catalog& catalog, const SuitesListOptions& options) {
    std::vector<Entry> entries;
    for (const auto& [name, group] : catalog.groups()) {
        if (!matches(options, name, group.description)) continue;
        entries.push_back({.name = name, .profile = group.profile, .facts = {}, .description = group.description});
    }
    return entries;
}

/// Prints a table for each profile, in order of first appearance.
void print_by_profile(const std::vector<Entry>& entries, const std::string& unit, Families families,
                      const Table& empty) {
    std::vector<std::string> profiles;
    for (const Entry& entry : entries) {
        if (std::find(profiles.begin(), profiles.end(), entry.profile) == profiles.end())
            profiles.push_back(entry.profile);
    }
    for (const std::string& profile : profiles) {
        std::vector<Entry> of_profile;
        std::copy_if(entries.begin(), entries.end(), std::back_inserter(of_profile),
                     [&profile](const Entry& entry) { return entry.profile == profile; });
        Table table = empty;
        add_rows(of_profile, unit, families, table);
        print_heading(fmt::format("{} of profile {}", unit == "tasks" ? "Tasks" : "Groups", profile));
        print_table(table, kPlainColumns);
        print("\n");
    }
}

[[noreturn]] void refuse_filters(const suites::Catalog& catalog, const std::vector<std::string>& filters) {
    std::set<std::string> names;
    for (const suites::Task& task : catalog.tasks()) names.insert(task.name());
    for (const auto& [name, group] : catalog.groups()) names.insert(name);
    std::string meant;
    for (const std::string& filter : filters) {
        if (const auto near = suites::nearest(filter, names); near && *near != filter)
            meant += fmt::format("{}\"{}\"", meant.empty() ? "; did you mean " : " or ", *near);
    }
    throw base::UsageError(fmt::format("no task or group matches{} ('suites list' without a filter lists them all)",
                                       meant.empty() ? "" : meant + "?"));
}

ExitCode list_suites(const SuitesListOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    if (options.json) {
        json shown = json::array();
        for (const suites::Task& task : catalog.tasks()) {
            if (matches(options, task.name(), task.description())) shown.push_back(summary(task));
        }
        for (const auto& [name, group] : catalog.groups()) {
            if (matches(options, name, group.description)) shown.push_back(summary(group));
        }
        print_json(shown);
        return ExitCode::Done;
    }
    const std::vector<Entry> tasks = matching_tasks(catalog, options);
    const std::vector<Entry> groups = matching_groups(catalog, options);
    if (tasks.empty() && groups.empty()) refuse_filters(catalog, options.filters);
    const bool is_all = options.all || !options.filters.empty();
    const Families families = is_all ? Families::Listed : Families::Folded;
    print_by_profile(tasks, "tasks", families,
                     table_of({{"task", Column::Key},
                               {"kind", Column::Key},
                               {"few-shot", Column::Number},
                               {"description", Column::Text}}));
    print_by_profile(groups, "groups", families, table_of({{"group", Column::Key}, {"description", Column::Text}}));
    print_paragraph(
        is_all ? "'suites show NAME' describes a task or group."
               : "'suites list mmlu' lists what has mmlu in its name or description, 'suites list --all' every task; "
                 "'suites show NAME' describes a task or group.",
        kPlainColumns);
    return ExitCode::Done;
}

}  // namespace

void add_suites_list(Verb& suites) {
    Verb& verb = suites.verb("list", "All tasks and groups, families of tasks on one line");
    auto& options = verb.command(list_suites);
    verb.arguments("FILTER", texts(options.filters), "Only names and descriptions that contain this");
    verb.flag("--all", truth(options.all), "Every task on a line of its own, as with a FILTER");
    tasks_option(verb, options.tasks);
    json_flag(verb, options.json);
    verb.example("bellwether suites list mmlu");
    verb.example("bellwether suites list --json");
}

}  // namespace harness::cli
