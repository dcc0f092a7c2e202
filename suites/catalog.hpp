#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/group.hpp"
#include "suites/task.hpp"

namespace suites {

/// The JSON of a task or group file. Throws SuiteError for text that is none, and for an object with one key twice.
nlohmann::json parse_definition(std::string_view content, const std::string& where);
/// The same of a file, 16 MiB at most.
nlohmann::json read_definition(const std::string& path);

/// Every task, family (the tasks of one file) and group there is, by name. `--tasks DIR` adds to it.
class Catalog {
public:
    /// Those built in.
    static Catalog builtin();
    /// The process's own: those built in, and what was added. To be changed before other threads read it.
    static Catalog& shared();

    /// Adds the task and group files (*.json) of a folder. Throws SuiteError for the first mistake; a name that is
    /// taken is one.
    void add_folder(const std::string& folder);
    /// Adds one file's tasks or group. `stem` is what `extends` of other files names. Throws SuiteError.
    void add_file(const std::string& stem, const nlohmann::json& file, const std::string& where);
    /// The tasks of a file, without adding them. Throws SuiteError.
    std::vector<Task> read(const nlohmann::json& file, const std::string& where) const;
    /// Throws SuiteError when a file of tasks or a group is wrong; says in a line what is right with it. Nothing is
    /// added.
    std::string check(const nlohmann::json& file, const std::string& where) const;
    /// Throws SuiteError when a group names what is not there, or goes round in a circle.
    void check_groups() const;

    const std::vector<Task>& tasks() const { return tasks_; }
    const std::map<std::string, Group, std::less<>>& groups() const { return groups_; }
    const Task* find(std::string_view task) const;

    /// A comma list of task, family and group names -> tasks in that order, each once, with the settings of their
    /// groups. Throws SuiteError naming near misses, and when two groups want one task with different settings.
    std::vector<Task> select(std::string_view comma_list) const;

    /// A group's number from its tasks' numbers; groups inside it are averaged by their own rules first, and
    /// what those leave out is missing from the whole too.
    std::optional<GroupScore> score(
        const Group& group,
        const std::function<std::optional<Aggregate>(const Task& task, const std::string& metric)>& score_of) const;

private:
    std::optional<Aggregate> member_score(
        const GroupMember& member,
        const std::function<std::optional<Aggregate>(const Task& task, const std::string& metric)>& score_of,
        std::vector<std::string>& missing) const;
    void expand(const GroupMember& member, int depth, std::vector<Task>& selected, std::size_t& steps) const;
    std::set<std::string> names() const;

    std::vector<Task> tasks_;
    std::map<std::string, std::size_t, std::less<>> index_;                  ///< name -> place in `tasks_`
    std::map<std::string, std::vector<std::string>, std::less<>> families_;  ///< file -> its tasks
    std::map<std::string, Group, std::less<>> groups_;
    std::map<std::string, nlohmann::json, std::less<>> files_;
};

}  // namespace suites
