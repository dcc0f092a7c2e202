#pragma once

#include <string>

namespace harness::base {

/// A new folder below $TMPDIR (or /tmp) that its owner alone may read. Removed with the object, with what is in it.
class TemporaryFolder {
public:
    /// Throws WorkError when it cannot be made.
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace harness::base
