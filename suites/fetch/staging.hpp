#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "suites/fetch/source.hpp"

namespace suites::fetch {

/// A folder, locked while this lives. Locks end with their process however that ends.
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

/// Files being made, in a folder of their own inside the data folder until all are right. Removes what is left of it,
/// and what fetches left that were killed. Throws std::runtime_error for what cannot be written: nothing is wrong with
/// what was asked for.
class Staging {
public:
    explicit Staging(const std::string& data_dir);
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    ~Staging();

    std::string folder() const { return folder_.string(); }
    void add(const std::string& file, const Converted& converted);
    /// Moves everything to its place.
    void finish();

private:
    void remove_left_over() const;

    std::filesystem::path data_dir_;
    std::filesystem::path folder_;
    std::optional<LockedFolder> lock_;
    std::vector<std::string> files_;
};

}  // namespace suites::fetch
