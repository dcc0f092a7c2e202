#include "suites/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "suites/embedded.hpp"
#include "suites/expand.hpp"
#include "suites/fields.hpp"
#include "suites/rows.hpp"
#include "suites/suggestion.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr int kDeepest = 8;

std::string stem_of(std::string_view file) {
    file.remove_prefix(file.rfind('/') + 1);
    return std::string(file.substr(0, file.rfind('.')));
}

struct File {
    std::string stem;
    std::string where;
    json content;
};

}  // namespace

json parse_definition(std::string_view content, const std::string& where) {
    // Of a key that stands twice the parser would keep the last without a word.
    std::vector<std::set<std::string>> keys;
    std::string twice;
    const json::parser_callback_t watch = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) keys.emplace_back();
        if (event == json::parse_event_t::object_end) keys.pop_back();
        if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            twice = value.get<std::string>();
        return true;
    };
    try {
        json parsed = json::parse(content, watch);
        if (!twice.empty()) throw SuiteError(fmt::format("{}: field \"{}\" stands twice", where, twice));
        return parsed;
    } catch (const json::parse_error& error) {
        throw SuiteError(fmt::format("{}: not JSON: {}", where, error.what()));
    }
}

Catalog Catalog::builtin() {
    Catalog catalog;
    std::vector<File> files;
    for (const EmbeddedFile& file : embedded_files()) {
        if (!file.name.ends_with(".json")) continue;
        const std::string where(file.name);
        files.push_back({where.substr(0, where.size() - 5), where, parse_definition(file.content, where)});
    }
    for (const File& file : files) catalog.files_[file.stem] = file.content;
    for (const File& file : files) catalog.add_file(file.stem, file.content, file.where);
    catalog.check_groups();
    return catalog;
}

Catalog& Catalog::shared() {
    static Catalog catalog = builtin();
    return catalog;
}

void Catalog::add_folder(const std::string& folder) {
    std::vector<File> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string path = entry.path().string();
        if (entry.is_regular_file() && path.ends_with(".json"))
            files.push_back({stem_of(path), path, parse_definition(read_text(path), path)});
    }
    if (error) throw SuiteError(fmt::format("{}: cannot be read: {}", folder, error.message()));
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.where < b.where; });
    for (const File& file : files) {
        const bool taken = files_.contains(file.stem) || families_.contains(file.stem) || groups_.contains(file.stem);
        if (taken)
            throw SuiteError(fmt::format("{}: there is a task or group '{}' already; give the file another name",
                                         file.where, file.stem));
    }
    for (const File& file : files) files_[file.stem] = file.content;
    for (const File& file : files) add_file(file.stem, file.content, file.where);
    check_groups();
}

void Catalog::add_file(const std::string& stem, const json& file, const std::string& where) {
    const auto free = [&](const std::string& name, const char* field) {
        if (find(name) != nullptr || groups_.contains(name)) {
            throw SuiteError(fmt::format("{}: field \"{}\" is '{}', and there is a task or group of that name already",
                                         where, field, name));
        }
    };
    files_[stem] = file;
    if (file.is_object() && file.contains("group")) {
        Group group = Group::from_json(file, where);
        free(group.name, "group");
        groups_.emplace(group.name, std::move(group));
        return;
    }
    for (Task& task : read(file, where)) {
        free(task.name(), "name");
        families_[stem].push_back(task.name());
        index_[task.name()] = tasks_.size();
        tasks_.push_back(std::move(task));
    }
}

std::vector<Task> Catalog::read(const json& file, const std::string& where) const {
    const FindBase find_base = [this](const std::string& base) -> const json* {
        const auto found = files_.find(base);
        return found == files_.end() || !found->second.is_object() || found->second.contains("group") ? nullptr
                                                                                                      : &found->second;
    };
    std::vector<Task> tasks;
    std::set<std::string> names;
    for (const json& definition : expand_definition(file, where, find_base)) {
        tasks.push_back(Task::from_json(definition, where));
        if (!names.insert(tasks.back().name()).second) {
            throw SuiteError(
                fmt::format("{}: field \"subtasks\" gives two tasks the name '{}'", where, tasks.back().name()));
        }
    }
    return tasks;
}

std::string Catalog::check(const json& file, const std::string& where) const {
    if (file.is_object() && file.contains("group")) {
        const Group group = Group::from_json(file, where);
        std::vector<Task> tasks;
        for (const GroupMember& member : group.members) {
            try {
                if (member.name == group.name)
                    throw SuiteError(fmt::format("'{}' is a group inside itself", member.name));
                expand(member, 0, tasks);
            } catch (const SuiteError& error) {
                throw SuiteError(fmt::format("{}: field \"members\": {}", where, error.what()));
            }
        }
        return fmt::format("group {}, {} tasks", group.name, tasks.size());
    }
    const std::vector<Task> tasks = read(file, where);
    const Task& first = tasks.front();
    if (tasks.size() > 1)
        return fmt::format("{} tasks, {} and on, version {}, {}", tasks.size(), first.name(), first.version(),
                           to_string(first.kind()));
    return fmt::format("task {}, version {}, {}", first.name(), first.version(), to_string(first.kind()));
}

void Catalog::check_groups() const {
    for (const auto& [name, group] : groups_) {
        try {
            select(name);
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("group '{}': field \"members\": {}", name, error.what()));
        }
    }
}

const Task* Catalog::find(std::string_view task) const {
    const auto found = index_.find(task);
    return found == index_.end() ? nullptr : &tasks_[found->second];
}

std::set<std::string> Catalog::names() const {
    std::set<std::string> names;
    for (const auto& [name, index] : index_) names.insert(name);
    for (const auto& [name, group] : groups_) names.insert(name);
    for (const auto& [name, tasks] : families_) names.insert(name);
    return names;
}

void Catalog::expand(const GroupMember& member, int depth, std::vector<Task>& selected) const {
    if (depth > kDeepest) throw SuiteError(fmt::format("'{}' is a group inside a group inside itself", member.name));
    if (const auto group = groups_.find(member.name); group != groups_.end()) {
        for (GroupMember inner : group->second.members) {
            // What the outer group says of its member holds for all inside.
            if (member.fewshot) inner.fewshot = member.fewshot;
            if (member.sample) inner.sample = member.sample;
            expand(inner, depth + 1, selected);
        }
        return;
    }
    if (const Task* task = find(member.name); task != nullptr) {
        const json settings = member.settings();
        Task one = settings.empty() ? *task : task->with(settings);
        const auto there = std::find_if(selected.begin(), selected.end(),
                                        [&](const Task& other) { return other.name() == one.name(); });
        if (there == selected.end()) {
            selected.push_back(std::move(one));
        } else if (there->definition() != one.definition()) {
            throw SuiteError(fmt::format(
                "'{}' is asked for twice with different settings; run its groups one after the other", one.name()));
        }
        return;
    }
    const auto family = families_.find(member.name);
    if (family == families_.end()) {
        throw SuiteError(fmt::format("there is no task or group '{}'{} ('bellwether suites list' shows all)",
                                     member.name, suggestion(member.name, names())));
    }
    for (const std::string& task : family->second) {
        GroupMember inner = member;
        inner.name = task;
        expand(inner, depth + 1, selected);
    }
}

std::vector<Task> Catalog::select(std::string_view comma_list) const {
    std::vector<Task> selected;
    for (std::size_t at = 0; at <= comma_list.size();) {
        const std::size_t comma = std::min(comma_list.find(',', at), comma_list.size());
        expand({.name = std::string(comma_list.substr(at, comma - at)), .metric = "", .fewshot = {}, .sample = {}}, 0,
               selected);
        at = comma + 1;
    }
    return selected;
}

std::optional<Aggregate> Catalog::member_score(
    const GroupMember& member, const std::function<std::optional<Aggregate>(const Task&, const std::string&)>& score_of,
    std::vector<std::string>& missing) const {
    const auto score_inside = [&](const Group& group) -> std::optional<Aggregate> {
        const auto inner = score(group, score_of);
        if (!inner) return std::nullopt;
        missing.insert(missing.end(), inner->missing.begin(), inner->missing.end());
        return Aggregate{inner->value, inner->standard_error, inner->items};
    };
    if (const auto group = groups_.find(member.name); group != groups_.end()) return score_inside(group->second);
    if (const Task* task = find(member.name); task != nullptr)
        return score_of(*task, member.metric.empty() ? task->metrics().front().name : member.metric);
    const auto family = families_.find(member.name);
    if (family == families_.end()) return std::nullopt;
    // A family inside a group counts as one group of its tasks, weighted by documents.
    Group whole{
        .name = member.name, .profile = "", .description = "", .weighting = Weighting::Documents, .members = {}};
    for (const std::string& task : family->second)
        whole.members.push_back({.name = task, .metric = member.metric, .fewshot = {}, .sample = {}});
    return score_inside(whole);
}

std::optional<GroupScore> Catalog::score(
    const Group& group,
    const std::function<std::optional<Aggregate>(const Task&, const std::string&)>& score_of) const {
    std::vector<std::string> missing;  // inside members that have a number all the same
    std::optional<GroupScore> whole =
        aggregate_group(group, [&](const GroupMember& member) { return member_score(member, score_of, missing); });
    if (whole) whole->missing.insert(whole->missing.end(), missing.begin(), missing.end());
    return whole;
}

const std::vector<Task>& builtin_tasks() {
    return Catalog::shared().tasks();
}

std::vector<Task> select_tasks(std::string_view comma_list) {
    return Catalog::shared().select(comma_list);
}

}  // namespace suites
