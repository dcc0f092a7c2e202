#pragma once

#include <sqlite3.h>

namespace forgetful {

/// While it lives, SQLite's files are on a disk that keeps in memory what was written since a file's last sync.
/// Locks and shared memory are those of the real files.
class Disk {
public:
    Disk();
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// The power fails: what was not synced never reaches the disk, and nothing that is written from now on does.
    void fail();
};

}  // namespace forgetful
