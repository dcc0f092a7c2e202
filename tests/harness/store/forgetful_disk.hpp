#pragma once

#include <sqlite3.h>

namespace forgetful {

/// While it exists, SQLite's files are on a simulated disk that keeps in memory what was written since a file's last
/// sync. Locks and shared memory are those of the real files.
class Disk {
public:
    Disk();
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// Simulates a power failure: unsynced and later writes never reach the disk.
    void fail();
};

}  // namespace forgetful
