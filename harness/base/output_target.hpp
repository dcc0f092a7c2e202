#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace harness::base {

/// Of a file that an output replaces.
struct FilePermissions {
    mode_t mode;
    uid_t owner;
    gid_t group;
};

/// Where the path of an output leads, symbolic links followed.
struct OutputTarget {
    enum class Kind {
        File,        ///< an ordinary file, or nothing yet
        Device,      ///< a character device or a named pipe: opened and written as it is
        Descriptor,  ///< one that the process was started with, such as /dev/stdout
    };

    Kind kind = Kind::File;
    std::string path;                            ///< of the file or device itself, in a folder that exists
    std::string name;                            ///< as the caller wrote it, for messages
    int descriptor = -1;                         ///< Kind::Descriptor
    std::optional<FilePermissions> permissions;  ///< Kind::File: of the file that is there
};

/// Where `path` leads; "-" is standard output. Throws UsageError for a folder, a block device and every SQLite
/// database (its -wal, -shm and -journal too), WorkError for a folder that is missing and a file that may not be
/// written.
///
/// Call it before the database of the verb is opened: closing a second descriptor of a file drops the locks that
/// SQLite holds on it (sqlite.org/howtocorrupt.html, 2.2).
OutputTarget resolve_output(const std::string& path);

}  // namespace harness::base
