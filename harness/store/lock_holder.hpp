#pragma once

#include <string>

namespace harness::store {

/// The process that holds a write lock on the database or on one of SQLite's files beside it: "process 4711
/// (bellwether)", or "another process" if the system does not tell. Opens neither file: closing it again would drop the
/// locks of this process.
std::string lock_holder(const std::string& path);

}  // namespace harness::store
