#pragma once

#include <cstdint>

namespace harness::store {

class Database;

/// Number of the newest migration.
std::int64_t newest_schema();

/// Throws WrongFileError for a database of another program or a newer build, and for one whose tables do not match its
/// schema. Writes nothing.
void check_ours(const Database& database);

/// Migrates the tables to the newest schema. On an error it throws StoreError and leaves the file as it was.
void migrate(const Database& database);

/// Shows the newest schema to a read-only connection: small tables as migrated copies in memory, which hide those of
/// the file; items, requests and scores stay in the file. Throws StoreError.
void migrate_in_memory(const Database& database);

}  // namespace harness::store
