#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "suites/fetch/source.hpp"

namespace suites::fetch {

/// Locks a folder (flock) while this object lives. The system releases the lock when the process ends in any way.
class LockedFolder {
public:
    /// `how` as for flock.
    LockedFolder(const std::filesystem::path& path, int how);
    LockedFolder(const LockedFolder&) = delete;
    LockedFolder& operator=(const LockedFolder&) = delete;
    ~LockedFolder();
    bool locked() const { return locked_; }

private:
    int descriptor_;
    bool locked_ = false;
};

/// Collects new files in a temporary folder inside the data folder until all are valid. The destructor removes the
/// folder; the constructor removes those of killed fetches. Throws std::runtime_error when something cannot be written,
/// since the user's request is valid then.
class Staging {
public:
    explicit Staging(const std::string& data_dir);
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    ~Staging();

    std::string folder() const { return folder_.string(); }
    void add(const std::string& file, const Converted& converted);
    /// Moves all files to their final places.
    void finish();

private:
    void remove_left_over() const;

    std::filesystem::path data_dir_;
    std::filesystem::path folder_;
    std::optional<LockedFolder> lock_;
    std::vector<std::string> files_;
};

}  // namespace suites::fetch
