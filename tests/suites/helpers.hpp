#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "suites/catalog.hpp"
#include "suites/data/rows.hpp"
#include "suites/fetch.hpp"
#include "suites/task.hpp"
#include "tests/support/temporary.hpp"

namespace suites_test {

/// The folder of public data sets, which is not part of the project; empty if missing.
inline std::string shared_data() {
    const char* named = std::getenv("BELLWETHER_SHARED");
    const std::string folder =
        (named != nullptr ? std::string(named) : std::string(BELLWETHER_SOURCE_DIR) + "/../shared") + "/data";
    return std::filesystem::is_directory(folder) ? folder : "";
}

/// A temporary folder of data files.
class Folder {
public:
    std::string path(const std::string& file = "") const { return file.empty() ? folder_.path() : folder_ / file; }

    void write(const std::string& file, const std::string& content) const {
        std::filesystem::create_directories(std::filesystem::path(folder_ / file).parent_path());
        std::ofstream(folder_ / file, std::ios::binary) << content;
    }

private:
    Temporary folder_;
};

/// The graders of suites, and the names of other folders' graders, which give no score.
inline suites::Graders graders() {
    suites::Graders graders = suites::builtin_graders();
    for (const char* name : {"refusal", "compliance"}) graders.add({.name = name});
    graders.add({.name = "python", .runs_programs = true});
    return graders;
}

/// The built-in tasks.
inline const suites::Catalog& catalog() {
    static const suites::Catalog kCatalog = suites::Catalog::builtin(graders());
    return kCatalog;
}

inline std::vector<suites::Task> select_tasks(std::string_view names) {
    return catalog().select(names);
}

inline suites::Task task_named(const std::string& name) {
    return select_tasks(name).at(0);
}

inline suites::Task task_of(const nlohmann::json& definition, const std::string& where = "test.json") {
    return suites::Task::from_json(definition, where, graders());
}

/// Fetches even if files exist.
inline std::vector<std::string> fetch_from(const std::string& name, const std::string& from,
                                           const std::string& data_dir) {
    return suites::fetch_from(catalog(), name,
                              {.from = from, .data_dir = data_dir, .existing = suites::ExistingFiles::Replace});
}

/// Scores with the task's own grader, or with the given one.
inline suites::Scores grade(const suites::Task& task, const suites::Item& item,
                            const std::vector<suites::Response>& responses, const suites::Grader& grader = {}) {
    return task.grade(item, responses, grader ? grader : task.prepare_grader("").grade).scores;
}

/// Scores of an output for an item that has only a reference.
inline suites::Scores graded(const char* task, const std::string& output, const std::string& reference) {
    suites::Item item;
    item.document = "{}";
    item.reference = reference;
    return grade(task_named(task), item, {{.logprob = 0, .greedy = false, .output = output}});
}

/// The prompt of a request as plain text.
inline std::string prompt_text(const suites::Request& request) {
    return suites::plain_text(suites::prompt_of(request)->turns);
}

inline const suites::GenerateRequest& generation(const suites::Request& request) {
    return std::get<suites::GenerateRequest>(request);
}

/// The error of an action; "" if it succeeds.
template <class Action>
std::string complaint(Action&& action) {
    try {
        action();
    } catch (const suites::SuiteError& error) {
        return error.what();
    }
    return "";
}

}  // namespace suites_test
