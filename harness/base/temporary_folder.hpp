#pragma once

#include <string>

namespace harness::base {

/// A new folder below $TMPDIR (or /tmp), accessible to its owner only. The destructor removes it with its content.
class TemporaryFolder {
public:
    /// Throws WorkError when it cannot be created.
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace harness::base
