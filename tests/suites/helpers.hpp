#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "suites/fetch.hpp"
#include "suites/rows.hpp"
#include "suites/task.hpp"

namespace suites_test {

/// The folder of public data sets, which is not part of the project; empty when it is not there.
inline std::string shared_data() {
    const char* named = std::getenv("BELLWETHER_SHARED");
    const std::string folder =
        (named != nullptr ? std::string(named) : std::string(BELLWETHER_SOURCE_DIR) + "/../shared") + "/data";
    return std::filesystem::is_directory(folder) ? folder : "";
}

/// A folder that is removed at the end.
class Folder {
public:
    Folder() {
        std::random_device random;
        path_ = std::filesystem::temp_directory_path() /
                ("bellwether-suites-" + std::to_string(random()) + std::to_string(random()));
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path(const std::string& file = "") const {
        return file.empty() ? path_.string() : (path_ / file).string();
    }

    void write(const std::string& file, const std::string& content) const {
        std::filesystem::create_directories((path_ / file).parent_path());
        std::ofstream(path_ / file, std::ios::binary) << content;
    }

private:
    std::filesystem::path path_;
};

inline suites::Task task_named(const std::string& name) {
    return suites::select_tasks(name).at(0);
}

/// What an action complains of; "" when it does not.
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
