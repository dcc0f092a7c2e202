#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace harness::base {

/// Permissions of the file that an output replaces.
struct FilePermissions {
    mode_t mode;
    uid_t owner;
    gid_t group;
};

/// What the path of an output refers to, with symbolic links followed.
struct OutputTarget {
    enum class Kind {
        File,        ///< an ordinary file, also one that does not exist yet
        Device,      ///< a character device or a named pipe, written directly
        Descriptor,  ///< a descriptor that the process was started with, such as /dev/stdout
    };

    Kind kind = Kind::File;
    std::string path;                            ///< of the file or device itself; its folder exists
    std::string name;                            ///< as the caller wrote it, for messages
    int descriptor = -1;                         ///< for Kind::Descriptor
    std::optional<FilePermissions> permissions;  ///< for Kind::File: those of the existing file
};

/// Whether the path is an SQLite database, by its first 16 bytes; false for a file that cannot be read. Not to be
/// called for a database that is open, see resolve_output().
bool is_database(const std::string& path);

/// What `path` refers to; "-" is standard output. Throws UsageError for a folder, a block device and every SQLite
/// database (its -wal, -shm and -journal too), WorkError for a missing folder and a file without write permission.
///
/// Call it before opening a database: closing a second descriptor of a file drops the locks that SQLite holds on it
/// (sqlite.org/howtocorrupt.html, 2.2).
OutputTarget resolve_output(const std::string& path);

}  // namespace harness::base
