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

/// Parses the JSON of a task or group file. Throws SuiteError for invalid JSON, for a duplicate key in an object, and
/// for a number with more digits than a double can represent.
nlohmann::json parse_definition(std::string_view content, const std::string& where);
/// Reads and parses a file of at most 16 MiB.
nlohmann::json read_definition(const std::string& path);

/// All tasks, families (the tasks of one file) and groups, by name. Built once for each command and then only read.
class Catalog {
public:
    using ScoreOf = std::function<std::optional<Aggregate>(const Task& task, const std::string& metric)>;

    /// Makes a catalogue without tasks. Tasks that are added may name these graders.
    explicit Catalog(Graders graders);
    /// The built-in tasks and groups.
    static Catalog builtin(Graders graders);

    /// Adds the task and group files (*.json) of a folder, except hidden files. Throws SuiteError with all mistakes,
    /// one per line, including duplicate names and a folder without task files.
    void add_folder(const std::string& folder);
    /// Adds rows that tasks added afterwards can read as "set:NAME". `content`: JSON lines that live as long as the
    /// program.
    void add_rows(std::string_view name, std::string_view content) { rows_.emplace(name, content); }
    /// Adds one file's tasks or group. `stem`: the name that `extends` of other files uses. Throws SuiteError.
    void add_file(const std::string& stem, const nlohmann::json& file, const std::string& where);
    /// Parses the tasks of a file without adding them. Throws SuiteError with all mistakes.
    std::vector<Task> read(const nlohmann::json& file, const std::string& where) const;
    /// Checks a file of tasks or a group without adding it, and returns a one-line summary. Throws SuiteError with all
    /// mistakes.
    std::string check(const nlohmann::json& file, const std::string& where) const;
    /// Throws SuiteError when a group has an unknown member or contains itself.
    void check_groups() const;

    const Graders& graders() const { return graders_; }
    const std::vector<Task>& tasks() const { return tasks_; }
    const std::map<std::string, Group, std::less<>>& groups() const { return groups_; }
    const Task* find(std::string_view task) const;

    /// The tasks of a comma-separated list of task, family and group names, in that order, without duplicates, with the
    /// settings of their groups. Throws SuiteError, with similar names, for an unknown name, and when two groups need a
    /// task with different settings.
    std::vector<Task> select(std::string_view comma_list) const;

    /// A group's score from its tasks' scores. Groups inside it are averaged by their own rules first; their missing
    /// members are also listed as missing here.
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
    std::map<std::string, std::size_t, std::less<>> index_;                  ///< name -> index in `tasks_`
    std::map<std::string, std::vector<std::string>, std::less<>> families_;  ///< file -> its tasks
    std::map<std::string, Group, std::less<>> groups_;
    std::map<std::string, nlohmann::json, std::less<>> files_;
    std::map<std::string, std::string_view, std::less<>> rows_;
};

}  // namespace suites
