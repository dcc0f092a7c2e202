#include "harness/store/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

const std::array kMigrations = {
#include "harness/store/migrations.inc"
};

/// "item.doc INTEGER" for every column of every table. Views and generated columns are not included: they could contain
/// anything, and take arbitrarily long.
using Columns = std::set<std::string>;

/// Returns SQLite's result code.
int read_columns(sqlite3* connection, Columns& columns) {
    constexpr const char* kSql = R"sql(
        SELECT list.name || '.' || info.name || ' ' || info.type
        FROM sqlite_master AS list JOIN pragma_table_xinfo(list.name) AS info
        WHERE list.type = 'table' AND info.hidden = 0)sql";
    const auto add = [](void* found, int, char** values, char**) {
        static_cast<Columns*>(found)->insert(values[0]);
        return 0;
    };
    return sqlite3_exec(connection, kSql, add, &columns, nullptr);
}

/// The columns of a new database of this schema.
Columns expected_columns(std::int64_t schema) {
    struct Close {
        void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
    };
    sqlite3* connection = nullptr;
    const int code = sqlite3_open(":memory:", &connection);
    const std::unique_ptr<sqlite3, Close> owner(connection);
    if (code != SQLITE_OK) throw StoreError("SQLite has no memory for a new database");
    for (std::int64_t next = 0; next < schema; ++next) {
        if (sqlite3_exec(connection, kMigrations.at(static_cast<std::size_t>(next)), nullptr, nullptr, nullptr) !=
            SQLITE_OK)
            throw StoreError(fmt::format("migration {} failed: {}", next + 1, sqlite3_errmsg(connection)));
    }
    Columns columns;
    read_columns(connection, columns);
    return columns;
}

std::int64_t schema_of(const Database& database) {
    return database.number("PRAGMA user_version");
}

/// The same statements for temporary tables and views.
std::string as_temporary(const std::string& sql) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kStatements = {
        {{"CREATE TABLE ", "CREATE TEMP TABLE "},
         {"CREATE VIEW ", "CREATE TEMP VIEW "},
         {"DROP VIEW IF EXISTS ", "DROP VIEW IF EXISTS temp."}}};
    std::string result;
    for (std::size_t at = 0; at < sql.size();) {
        const bool line_start = at == 0 || sql[at - 1] == '\n';
        const auto found = std::find_if(kStatements.begin(), kStatements.end(), [&](const auto& statement) {
            return line_start && sql.compare(at, statement.first.size(), statement.first) == 0;
        });
        if (found != kStatements.end()) {
            result += found->second;
            at += found->first.size();
        } else {
            result += sql[at++];
        }
    }
    return result;
}

/// Tables of items and their parts, of studies too, and the cache of hidden states. Migrations do not change these
/// tables: readers of an older file use them in place.
constexpr std::array kLargeTables = {"item",         "request",      "score",      "explanation",  "later_score",
                                     "answer_score", "answer",       "cut",        "hidden_state", "pair_judgement",
                                     "study_item",   "study_answer", "assignment", "rating_event", "rating_draft"};

/// Copies the small tables in the file's schema. The definitions are ours, not those in the file.
void copy_small_tables(const Database& database, std::int64_t schema) {
    for (std::int64_t next = 0; next < schema; ++next)
        database.execute(as_temporary(kMigrations.at(static_cast<std::size_t>(next))));
    for (const char* table : kLargeTables) database.execute(fmt::format("DROP TABLE IF EXISTS temp.{}", table));
    Statement copied(database, R"sql(
        SELECT name, (SELECT group_concat(name) FROM pragma_table_info(list.name, 'temp'))
        FROM sqlite_temp_master AS list WHERE type = 'table')sql");
    while (copied.step()) {
        database.execute(
            fmt::format("INSERT INTO temp.{0} ({1}) SELECT {1} FROM main.{0}", copied.text(0), copied.text(1)));
    }
}

}  // namespace

std::int64_t newest_schema() {
    return std::int64_t{kMigrations.size()};
}

void check_ours(const Database& database) {
    const ReadTransaction one_moment(database);  // another process may be creating the tables now
    const std::int64_t schema = schema_of(database);
    if (schema < 0 || (schema == 0 && database.number("SELECT count(*) FROM sqlite_master") > 0)) {
        throw WrongFileError(database.path() +
                             ": a database of another program; name another with --db. Nothing was changed");
    }
    if (schema > newest_schema()) {
        throw WrongFileError(fmt::format("{}: the file is of schema {}, this build knows {}; use a newer bellwether",
                                         database.path(), schema, newest_schema()));
    }
    if (schema == 0) return;
    Columns found;
    if (const int code = read_columns(database.get(), found); code != SQLITE_OK) database.fail(code);
    for (const std::string& column : expected_columns(schema)) {
        if (found.contains(column)) continue;
        throw WrongFileError(fmt::format(
            "{}: the file says schema {} but has no column {}; another program changed it, or it is damaged. Name "
            "another with --db. Nothing was changed",
            database.path(), schema, column));
    }
}

void migrate(const Database& database) {
    if (schema_of(database) == newest_schema()) return;
    Transaction transaction(database);
    // Another process may have migrated meanwhile: the number is read again inside the transaction.
    for (std::int64_t next = schema_of(database); next < newest_schema(); ++next) {
        database.execute(kMigrations.at(static_cast<std::size_t>(next)));
        database.execute(fmt::format("PRAGMA user_version = {}", next + 1));
    }
    transaction.commit();
}

void migrate_in_memory(const Database& database) {
    database.execute("PRAGMA temp_store = MEMORY");
    database.execute("PRAGMA foreign_keys = OFF");  // the parents of the copies are in the file
    database.execute("BEGIN");
    const std::int64_t schema = schema_of(database);
    copy_small_tables(database, schema);
    for (std::int64_t next = schema; next < newest_schema(); ++next)
        database.execute(as_temporary(kMigrations.at(static_cast<std::size_t>(next))));
    database.execute("COMMIT");
}

}  // namespace harness::store
