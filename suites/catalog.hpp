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

/// The JSON of a task or group file. Throws SuiteError for text that is none, for a duplicate key in an object, and for
/// a number with more digits than a double holds.
nlohmann::json parse_definition(std::string_view content, const std::string& where);
/// The same of a file, 16 MiB at most.
nlohmann::json read_definition(const std::string& path);

/// Every task, family (the tasks of one file) and group there is, by name: a value, built once for each command and
/// then only read.
class Catalog {
public:
    using ScoreOf = std::function<std::optional<Aggregate>(const Task& task, const std::string& metric)>;

    /// Without tasks. Those that are added may name these graders.
    explicit Catalog(Graders graders);
    /// Those built in.
    static Catalog builtin(Graders graders);

    /// Adds the task and group files (*.json) of a folder; hidden ones are passed over. Throws SuiteError that names
    /// every mistake, one a line; a name that is taken is one, and a folder without task files.
    void add_folder(const std::string& folder);
    /// Adds rows (JSON lines that live as long as the program) that tasks added afterwards name "set:NAME".
    void add_rows(std::string_view name, std::string_view content) { rows_.emplace(name, content); }
    /// Adds one file's tasks or group. `stem` is what `extends` of other files names. Throws SuiteError.
    void add_file(const std::string& stem, const nlohmann::json& file, const std::string& where);
    /// The tasks of a file, without adding them. Throws SuiteError that names every mistake.
    std::vector<Task> read(const nlohmann::json& file, const std::string& where) const;
    /// Throws SuiteError that names every mistake of a file of tasks or a group; else says in a line what it holds.
    /// Nothing is added.
    std::string check(const nlohmann::json& file, const std::string& where) const;
    /// Throws SuiteError when a group names what is not there, or goes round in a circle.
    void check_groups() const;

    const Graders& graders() const { return graders_; }
    const std::vector<Task>& tasks() const { return tasks_; }
    const std::map<std::string, Group, std::less<>>& groups() const { return groups_; }
    const Task* find(std::string_view task) const;

    /// A comma list of task, family and group names -> tasks in that order, each once, with the settings of their
    /// groups. Throws SuiteError naming near misses, and when two groups need one task with different settings.
    std::vector<Task> select(std::string_view comma_list) const;

    /// A group's number from its tasks' numbers; groups inside it are averaged by their own rules first, and
    /// what those leave out is missing from the whole too.
    std::optional<GroupScore> score(const Group& group, const ScoreOf& score_of) const;

private:
    struct Selection;

    std::optional<Aggregate> member_score(const GroupMember& member, const ScoreOf& score_of,
                                          std::vector<std::string>& missing) const;
    void expand(const GroupMember& member, int depth, Selection& selection) const;
    void expand_group(const Group& group, const GroupMember& member, int depth, Selection& selection) const;
    void check_free(const std::string& name, const char* field, const std::string& where) const;
    std::string check_group(const nlohmann::json& file, const std::string& where) const;
    bool is_taken(const std::string& stem) const;
    std::set<std::string> names() const;

    Graders graders_;
    std::vector<Task> tasks_;
    std::map<std::string, std::size_t, std::less<>> index_;                  ///< name -> place in `tasks_`
    std::map<std::string, std::vector<std::string>, std::less<>> families_;  ///< file -> its tasks
    std::map<std::string, Group, std::less<>> groups_;
    std::map<std::string, nlohmann::json, std::less<>> files_;
    std::map<std::string, std::string_view, std::less<>> rows_;
};

}  // namespace suites
