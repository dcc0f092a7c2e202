#include "suites/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "suites/embedded.hpp"
#include "suites/expand.hpp"
#include "suites/fields.hpp"
#include "suites/json_text.hpp"
#include "suites/suggestion.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr int kDeepest = 8;
constexpr std::size_t kLargestFile = std::size_t{16} << 20;
// Groups of groups multiply: without this, eight levels of a few files could be walked for years.
constexpr std::size_t kMostSteps = 20000;

std::string stem_of(std::string_view file) {
    file.remove_prefix(file.rfind('/') + 1);
    return std::string(file.substr(0, file.rfind('.')));
}

struct File {
    std::string stem;
    std::string where;
    json content;
};

void check_metric(const Task& task, const std::string& metric) {
    if (metric.empty()) return;
    std::set<std::string> known;
    for (const MetricDefinition& one : task.metrics()) known.insert(one.name);
    if (!known.contains(metric))
        throw SuiteError(fmt::format("'{}' has no metric '{}'{}", task.name(), metric, suggestion(metric, known)));
}

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
        json parsed = parse_json(content, watch);
        if (twice.empty()) return parsed;
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: not JSON: {}", where, error.what()));
    }
    throw SuiteError(fmt::format("{}: field \"{}\" stands twice", where, in_message(twice)));
}

json read_definition(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        throw SuiteError(fmt::format("{}: {}", path,
                                     std::filesystem::is_directory(path, error)
                                         ? "a folder; name a file in it, or pass it with --tasks"
                                         : "no such file"));
    }
    if (std::filesystem::file_size(path, error) > kLargestFile)
        throw SuiteError(fmt::format("{}: larger than 16 MiB; rows belong into a data file, not into the task", path));
    std::ifstream file(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) throw SuiteError(path + ": cannot be read");
    return parse_definition(content, path);
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

namespace {

/// Two profiles ask in different ways, so that there is no mean over both.
void check_profiles(const Group& group, const std::vector<Task>& tasks) {
    if (group.weighting == Weighting::None) return;
    for (const Task& task : tasks) {
        const Task& first = tasks.front();
        if (task.profile() != first.profile())
            throw SuiteError(
                fmt::format("'{}' is of profile {}, '{}' of {}: two profiles have no mean, only \"weighting\": "
                            "\"none\" puts them side by side",
                            first.name(), first.profile(), task.name(), task.profile()));
    }
}

}  // namespace

void Catalog::add_folder(const std::string& folder) {
    std::vector<File> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string path = entry.path().string();
        if (entry.is_regular_file() && path.ends_with(".json"))
            files.push_back({stem_of(path), path, read_definition(path)});
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
    const auto is_task = [](const json& content) { return content.is_object() && !content.contains("group"); };
    const Bases bases{.find = [&](const std::string& base) -> const json* {
                          const auto found = files_.find(base);
                          return found == files_.end() || !is_task(found->second) ? nullptr : &found->second;
                      },
                      .names =
                          [&] {
                              std::set<std::string> names;
                              for (const auto& [stem, content] : files_) {
                                  if (is_task(content)) names.insert(stem);
                              }
                              return names;
                          }};
    std::vector<Task> tasks;
    std::set<std::string> names;
    for (const json& definition : expand_definition(file, where, bases)) {
        tasks.push_back(Task::from_json(definition, where));
        if (!names.insert(tasks.back().name()).second) {
            throw SuiteError(
                fmt::format("{}: field \"subtasks\" gives two tasks the name '{}'", where, tasks.back().name()));
        }
    }
    // By its file's name a task is extended; the tasks of a family have names of their own.
    const auto name = file.find("name");
    const bool family =
        name != file.end() && name->is_string() && name->get<std::string>().find("{{") != std::string::npos;
    if (!family && tasks.size() == 1 && tasks.front().name() != stem_of(where)) {
        throw SuiteError(
            fmt::format("{}: field \"name\" is '{}', and a task's file bears its name: call the file {}.json "
                        "or the task '{}'",
                        where, tasks.front().name(), tasks.front().name(), stem_of(where)));
    }
    return tasks;
}

std::string Catalog::check(const json& file, const std::string& where) const {
    // A file that is here under its own name is one that is being worked on.
    const bool known_file = files_.contains(stem_of(where));
    const auto check_free = [&](const std::string& name, const char* field) {
        if (known_file || (find(name) == nullptr && !groups_.contains(name))) return;
        throw SuiteError(fmt::format("{}: field \"{}\" is '{}', and there is a task or group of that name already",
                                     where, field, name));
    };
    if (file.is_object() && file.contains("group")) {
        const Group group = Group::from_json(file, where);
        check_free(group.name, "group");
        std::vector<Task> tasks;
        std::size_t steps = 0;
        try {
            for (const GroupMember& member : group.members) {
                if (member.name == group.name)
                    throw SuiteError(fmt::format("'{}' is a group inside itself", member.name));
                expand(member, 0, tasks, steps);
            }
            check_profiles(group, tasks);
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: field \"members\": {}", where, error.what()));
        }
        return fmt::format("group {}, {} tasks", group.name, tasks.size());
    }
    const std::vector<Task> tasks = read(file, where);
    for (const Task& task : tasks) check_free(task.name(), "name");
    const Task& first = tasks.front();
    if (tasks.size() > 1)
        return fmt::format("{} tasks, {} and on, version {}, {}", tasks.size(), first.name(), first.version(),
                           to_string(first.kind()));
    return fmt::format("task {}, version {}, {}", first.name(), first.version(), to_string(first.kind()));
}

void Catalog::check_groups() const {
    for (const auto& [name, group] : groups_) {
        try {
            check_profiles(group, select(name));
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

void Catalog::expand(const GroupMember& member, int depth, std::vector<Task>& selected, std::size_t& steps) const {
    if (depth > kDeepest) throw SuiteError(fmt::format("'{}' is a group inside a group inside itself", member.name));
    if (++steps > kMostSteps)
        throw SuiteError(fmt::format("groups inside groups come to more than {} members; name tasks once", kMostSteps));
    if (const auto group = groups_.find(member.name); group != groups_.end()) {
        if (!member.metric.empty())
            throw SuiteError(fmt::format("'{}' is a group, whose members say which metric counts; leave out \"metric\"",
                                         member.name));
        for (GroupMember inner : group->second.members) {
            // What the outer group says of its member holds for all inside.
            if (member.fewshot) inner.fewshot = member.fewshot;
            if (member.sample) inner.sample = member.sample;
            expand(inner, depth + 1, selected, steps);
        }
        return;
    }
    if (const Task* task = find(member.name); task != nullptr) {
        check_metric(*task, member.metric);
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
        expand(inner, depth + 1, selected, steps);
    }
}

std::vector<Task> Catalog::select(std::string_view comma_list) const {
    std::vector<Task> selected;
    std::size_t steps = 0;
    for (std::size_t at = 0; at <= comma_list.size();) {
        const std::size_t comma = std::min(comma_list.find(',', at), comma_list.size());
        expand({.name = std::string(comma_list.substr(at, comma - at)), .metric = "", .fewshot = {}, .sample = {}}, 0,
               selected, steps);
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
