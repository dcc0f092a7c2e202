#pragma once

#include <string>

namespace harness::store {

/// Who holds a lock for writing on the database or a file of SQLite's beside it: "process 4711 (bellwether)", or
/// "another process" where the system does not tell. Opens neither file: closing it again would drop the locks of this
/// process.
std::string lock_holder(const std::string& path);

}  // namespace harness::store
