#pragma once

#include <cstdint>

namespace harness::store {

class Database;

/// Number of the newest migration.
std::int64_t newest_schema();

/// Throws WrongFileError for a database of another program or of a newer build, and for one whose tables are not those
/// of its schema. Writes nothing.
void check_ours(const Database& database);

/// Brings the tables to the newest schema. Throws StoreError; the file is then as before.
void migrate(const Database& database);

/// Lets a connection that may not write see the newest schema: small tables as migrated copies in memory, which hide
/// those of the file; items, requests and scores where they are. Throws StoreError.
void migrate_in_memory(const Database& database);

}  // namespace harness::store
