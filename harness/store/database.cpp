#include "harness/store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

#include "harness/store/run_store.hpp"

namespace harness::store {
namespace {

const std::array kMigrations = {
#include "harness/store/migrations.inc"
};

constexpr int kBusyTimeoutMs = 30000;

std::string advice(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY: return "; another process holds it, wait for that one or use another --db";
        case SQLITE_FULL: return "; the disk is full, what was stored before is safe";
        case SQLITE_NOTADB: return "; this is not a Bellwether database, name another with --db";
        case SQLITE_CORRUPT: return "; the file is damaged, restore it from a copy";
        case SQLITE_CANTOPEN: return "; is the folder there, and may you write in it?";
        case SQLITE_READONLY: return "; the file may not be written";
        default: return "";
    }
}

[[noreturn]] void fail(const std::string& path, sqlite3* connection, int code) {
    const std::string message = fmt::format(
        "{}: {}{}", path, connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code), advice(code));
    if ((code & 0xFF) == SQLITE_NOTADB) throw NotOurStore(message);
    throw StoreError(message);
}

}  // namespace

Database::Database(const std::string& path) : path_(path) {
    const int result = sqlite3_open_v2(path.c_str(), &connection_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    try {
        if (result != SQLITE_OK) fail(path_, connection_, result);
        sqlite3_busy_timeout(connection_, kBusyTimeoutMs);
        execute("PRAGMA journal_mode = WAL");
        execute("PRAGMA synchronous = NORMAL");
        execute("PRAGMA foreign_keys = ON");
        migrate();
    } catch (...) {
        sqlite3_close_v2(connection_);
        throw;
    }
}

Database::~Database() {
    sqlite3_close_v2(connection_);
}

void Database::execute(const std::string& sql) const {
    const int result = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(path_, connection_, result);
}

void Database::migrate() const {
    const auto version = [this] {
        Statement read(*this, "PRAGMA user_version");
        read.step();
        return static_cast<std::size_t>(read.integer(0));
    };
    if (version() > kMigrations.size()) {
        throw NotOurStore(fmt::format("{}: the file is of schema {}, this build knows {}; use a newer bellwether",
                                      path_, version(), kMigrations.size()));
    }
    if (version() == kMigrations.size()) return;
    Transaction transaction(*this);  // a second process may have migrated meanwhile: the version is read again inside
    for (std::size_t next = version(); next < kMigrations.size(); ++next) {
        execute(kMigrations.at(next));
        execute(fmt::format("PRAGMA user_version = {}", next + 1));
    }
    transaction.commit();
}

Statement::Statement(const Database& database, const char* sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK) fail(database.path(), database.get(), result);
    statement_.reset(statement);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Statement::check(int result) const {
    if (result != SQLITE_OK) fail(database_.path(), database_.get(), result);
}

void Statement::reset() {
    sqlite3_reset(statement_.get());  // the result repeats the last step's error
    sqlite3_clear_bindings(statement_.get());
}

bool Statement::step() {
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) {
        const std::string message =
            fmt::format("{}: {}{}", database_.path(), sqlite3_errmsg(database_.get()), advice(result));
        reset();
        throw StoreError(message);
    }
    sqlite3_reset(statement_.get());
    return false;
}

void Statement::run() {
    while (step()) {
    }
}

void Statement::bind_one(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), index, value));
}
void Statement::bind_one(int index, double value) {
    check(sqlite3_bind_double(statement_.get(), index, value));
}
void Statement::bind_one(int index, const std::optional<double>& value) {
    check(value ? sqlite3_bind_double(statement_.get(), index, *value) : sqlite3_bind_null(statement_.get(), index));
}
void Statement::bind_one(int index, std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind_one(int index, const Blob& value) {
    check(sqlite3_bind_blob64(statement_.get(), index, value.bytes.data() == nullptr ? "" : value.bytes.data(),
                              value.bytes.size(), SQLITE_TRANSIENT));
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}
double Statement::real(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}
bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::string Statement::text(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return data == nullptr
               ? ""
               : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

Transaction::~Transaction() {
    if (open_) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace harness::store
