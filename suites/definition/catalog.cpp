#include "suites/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "suites/data/embedded.hpp"
#include "suites/definition/expand.hpp"
#include "suites/definition/fields.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 8;
// Limits the total work: nested groups multiply, and eight levels in a few files could take years.
constexpr std::size_t kMaxSteps = 20000;

std::string stem_of(std::string_view file) {
    file.remove_prefix(file.rfind('/') + 1);
    return std::string(file.substr(0, file.rfind('.')));
}

struct File {
    std::string stem;
    std::string where;
    json content;
};

bool is_task(const json& content) {
    return content.is_object() && !content.contains("group");
}

bool is_group(const json& content) {
    return content.is_object() && content.contains("group");
}

/// Runs a part of a check and collects its mistakes line by line, since the tasks of a family have the same mistakes.
template <class Work>
void attempt(definition::Mistakes& mistakes, const Work& work) {
    try {
        work();
    } catch (const SuiteError& error) {
        std::string_view rest = error.what();
        while (!rest.empty()) mistakes.add("", std::string(take_line(rest)));
    }
}

/// The task and group files of a folder except hidden ones, sorted by name.
std::vector<std::string> definition_files(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_regular_file() && name.ends_with(".json") && !name.starts_with("."))
            paths.push_back(entry.path().string());
    }
    if (error) throw SuiteError(fmt::format("{}: cannot be read: {}", folder, error.message()));
    if (paths.empty())
        throw SuiteError(fmt::format("{}: no task files in this folder; their names end in .json", folder));
    std::sort(paths.begin(), paths.end());
    return paths;
}

void check_metric(const Task& task, const std::string& metric) {
    if (metric.empty()) return;
    std::set<std::string> known;
    for (const MetricDefinition& one : task.metrics()) known.insert(one.name);
    if (!known.contains(metric))
        throw SuiteError(fmt::format("'{}' has no metric '{}'{}", task.name(), metric, suggestion(metric, known)));
}

/// Tasks of different profiles are asked in different ways, so that their mean has no meaning.
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

/// A task must have its file's name, which `extends` uses; the tasks of a family have other names.
void check_file_name(const json& file, const std::vector<Task>& tasks, const std::string& where) {
    const auto name = file.find("name");
    const bool family =
        name != file.end() && name->is_string() && name->get<std::string>().find("{{") != std::string::npos;
    if (family || tasks.size() != 1 || tasks.front().name() == stem_of(where)) return;
    throw SuiteError(
        fmt::format("{}: field \"name\" is '{}', but a task must have the name of its file: call the file {}.json "
                    "or the task '{}'",
                    where, tasks.front().name(), tasks.front().name(), stem_of(where)));
}

}  // namespace

/// The tasks collected by `select`.
struct Catalog::Selection {
    std::vector<Task> tasks;
    std::size_t steps = 0;

    void add(Task task) {
        const auto there =
            std::find_if(tasks.begin(), tasks.end(), [&](const Task& other) { return other.name() == task.name(); });
        if (there == tasks.end()) {
            tasks.push_back(std::move(task));
        } else if (there->definition() != task.definition()) {
            throw SuiteError(fmt::format(
                "'{}' is asked for with two different settings; run its groups one after the other", task.name()));
        }
    }
};

Catalog::Catalog(Graders graders) : graders_(std::move(graders)) {}

Catalog Catalog::builtin(Graders graders) {
    Catalog catalog(std::move(graders));
    std::vector<File> files;
    for (const EmbeddedFile& file : data::embedded_files()) {
        if (!file.name.ends_with(".json")) continue;
        const std::string where(file.name);
        files.push_back({where.substr(0, where.size() - 5), where, parse_definition(file.content, where)});
    }
    for (const File& file : files) catalog.files_[file.stem] = file.content;
    for (const File& file : files) catalog.add_file(file.stem, file.content, file.where);
    catalog.check_groups();
    return catalog;
}

bool Catalog::is_taken(const std::string& stem) const {
    return files_.contains(stem) || families_.contains(stem) || groups_.contains(stem);
}

void Catalog::add_folder(const std::string& folder) {
    definition::Mistakes mistakes;
    std::vector<File> files;
    for (const std::string& path : definition_files(folder)) {
        attempt(mistakes, [&] {
            const std::string stem = stem_of(path);
            if (is_taken(stem))
                throw SuiteError(
                    fmt::format("{}: there is a task or group '{}' already; give the file another name", path, stem));
            files.push_back({stem, path, read_definition(path)});
        });
    }
    for (const File& file : files) files_[file.stem] = file.content;
    for (const File& file : files) attempt(mistakes, [&] { add_file(file.stem, file.content, file.where); });
    mistakes.report();
    check_groups();
}

void Catalog::check_free(const std::string& name, const char* field, const std::string& where) const {
    if (find(name) == nullptr && !groups_.contains(name)) return;
    throw SuiteError(
        fmt::format("{}: field \"{}\" is '{}', and there is a task or group of that name already", where, field, name));
}

void Catalog::add_file(const std::string& stem, const json& file, const std::string& where) {
    files_[stem] = file;
    if (is_group(file)) {
        Group group = Group::from_json(file, where);
        check_free(group.name, "group", where);
        groups_.emplace(group.name, std::move(group));
        return;
    }
    for (Task& task : read(file, where)) {
        check_free(task.name(), "name", where);
        families_[stem].push_back(task.name());
        index_[task.name()] = tasks_.size();
        tasks_.push_back(std::move(task));
    }
}

std::vector<Task> Catalog::read(const json& file, const std::string& where) const {
    const definition::Bases bases{.find = [&](const std::string& base) -> const json* {
                                      const auto found = files_.find(base);
                                      return found == files_.end() || !is_task(found->second) ? nullptr
                                                                                              : &found->second;
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
    definition::Mistakes mistakes;
    for (const json& definition : definition::expand_definition(file, where, bases)) {
        attempt(mistakes, [&] {
            Task task = Task::from_json(definition, where, graders_);
            for (const auto& [name, content] : rows_) {
                const std::vector<std::string> files = task.data_files();
                if (std::find(files.begin(), files.end(), "set:" + name) != files.end())
                    task = task.with_rows(name, content);
            }
            tasks.push_back(std::move(task));
            if (!names.insert(tasks.back().name()).second)
                throw SuiteError(
                    fmt::format("{}: field \"subtasks\" gives two tasks the name '{}'", where, tasks.back().name()));
        });
    }
    mistakes.report();
    check_file_name(file, tasks, where);
    return tasks;
}

std::string Catalog::check_group(const json& file, const std::string& where) const {
    const Group group = Group::from_json(file, where);
    if (!files_.contains(stem_of(where))) check_free(group.name, "group", where);
    Selection selection;
    definition::Mistakes mistakes;
    for (const GroupMember& member : group.members) {
        attempt(mistakes, [&] {
            try {
                if (member.name == group.name)
                    throw SuiteError(fmt::format("'{}' is a group inside itself", member.name));
                expand(member, 0, selection);
            } catch (const SuiteError& error) {
                throw SuiteError(fmt::format("{}: field \"members\": {}", where, error.what()));
            }
        });
    }
    mistakes.report();
    try {
        check_profiles(group, selection.tasks);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: field \"members\": {}", where, error.what()));
    }
    return fmt::format("group {}, {} tasks", group.name, selection.tasks.size());
}

std::string Catalog::check(const json& file, const std::string& where) const {
    if (is_group(file)) return check_group(file, where);
    const std::vector<Task> tasks = read(file, where);
    // A file whose name is already in the catalogue is an edited version of that file.
    if (!files_.contains(stem_of(where))) {
        for (const Task& task : tasks) check_free(task.name(), "name", where);
    }
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

void Catalog::expand_group(const Group& group, const GroupMember& member, int depth, Selection& selection) const {
    if (!member.metric.empty())
        throw SuiteError(
            fmt::format("'{}' is a group, whose members say which metric counts; leave out \"metric\"", member.name));
    for (GroupMember inner : group.members) {
        // Settings that the outer group gives its member apply to everything inside it.
        if (member.fewshot) inner.fewshot = member.fewshot;
        if (member.sample) inner.sample = member.sample;
        expand(inner, depth + 1, selection);
    }
}

void Catalog::expand(const GroupMember& member, int depth, Selection& selection) const {
    if (depth > kMaxDepth) throw SuiteError(fmt::format("'{}' is a group inside a group inside itself", member.name));
    if (++selection.steps > kMaxSteps)
        throw SuiteError(fmt::format("nested groups have more than {} members; name tasks once", kMaxSteps));
    if (const auto group = groups_.find(member.name); group != groups_.end())
        return expand_group(group->second, member, depth, selection);
    if (const Task* task = find(member.name); task != nullptr) {
        check_metric(*task, member.metric);
        const json settings = member.settings();
        return selection.add(settings.empty() ? *task : task->with(settings));
    }
    const auto family = families_.find(member.name);
    if (family == families_.end()) {
        throw SuiteError(fmt::format("there is no task or group '{}'{} ('bellwether suites list' shows all)",
                                     member.name, suggestion(member.name, names())));
    }
    for (const std::string& task : family->second) {
        GroupMember inner = member;
        inner.name = task;
        expand(inner, depth + 1, selection);
    }
}

std::vector<Task> Catalog::select(std::string_view comma_list) const {
    Selection selection;
    for (const std::string& name : split_at_commas(comma_list))
        expand({.name = name, .metric = "", .fewshot = {}, .sample = {}}, 0, selection);
    return std::move(selection.tasks);
}

std::optional<Aggregate> Catalog::member_score(const GroupMember& member, const ScoreOf& score_of,
                                               std::vector<std::string>& missing) const {
    const auto score_inside = [&](const Group& group) -> std::optional<Aggregate> {
        const auto inner = score(group, score_of);
        if (!inner) return std::nullopt;
        missing.insert(missing.end(), inner->missing.begin(), inner->missing.end());
        return Aggregate{inner->value, inner->standard_error, inner->items, inner->ci95};
    };
    if (const auto group = groups_.find(member.name); group != groups_.end()) return score_inside(group->second);
    if (const Task* task = find(member.name); task != nullptr)
        return score_of(*task, member.metric.empty() ? task->metrics().front().name : member.metric);
    const auto family = families_.find(member.name);
    if (family == families_.end()) return std::nullopt;
    // A family inside a group is scored as a group of its tasks, weighted by documents.
    Group whole{
        .name = member.name, .profile = "", .description = "", .weighting = Weighting::Documents, .members = {}};
    for (const std::string& task : family->second)
        whole.members.push_back({.name = task, .metric = member.metric, .fewshot = {}, .sample = {}});
    return score_inside(whole);
}

std::optional<GroupScore> Catalog::score(const Group& group, const ScoreOf& score_of) const {
    std::vector<std::string> missing;  // missing inside members that still have a score
    std::optional<GroupScore> whole =
        aggregate_group(group, [&](const GroupMember& member) { return member_score(member, score_of, missing); });
    if (whole) whole->missing.insert(whole->missing.end(), missing.begin(), missing.end());
    return whole;
}

}  // namespace suites
