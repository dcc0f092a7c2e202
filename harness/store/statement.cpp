#include "harness/store/statement.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"

namespace harness::store {

Statement::Statement(const Database& database, const char* sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    statement_.reset(statement);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Statement::check(int result) const {
    if (result != SQLITE_OK) database_.fail(result);
}

void Statement::reset() {
    sqlite3_reset(statement_.get());  // the result repeats the last step's error
    sqlite3_clear_bindings(statement_.get());
}

bool Statement::step() {
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) {
        sqlite3_reset(statement_.get());
        return false;
    }
    try {
        database_.fail(result);
    } catch (...) {
        reset();  // after the message was read from the connection; an open statement would keep its transaction open
        throw;
    }
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
// reset() left NULL where there is no value.
void Statement::bind_one(int index, const std::optional<std::int64_t>& value) {
    if (value) bind_one(index, *value);
}
void Statement::bind_one(int index, const std::optional<bool>& value) {
    if (value) bind_one(index, *value);
}
void Statement::bind_one(int index, const std::optional<double>& value) {
    if (value) bind_one(index, *value);
}
void Statement::bind_one(int index, const std::optional<Blob>& value) {
    if (value) bind_one(index, *value);
}
void Statement::bind_one(int index, std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind_one(int index, const Blob& value) {
    check(sqlite3_bind_blob64(statement_.get(), index, value.bytes.data() == nullptr ? "" : value.bytes.data(),
                              value.bytes.size(), SQLITE_TRANSIENT));
}

std::optional<std::int64_t> Statement::run_for_integer() {
    if (!step()) return std::nullopt;
    const std::int64_t value = integer(0);
    run();  // an open statement would keep its transaction open
    return value;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}
std::uint64_t Statement::count(int column) const {
    const std::int64_t value = integer(column);
    if (value >= 0) return static_cast<std::uint64_t>(value);
    const char* name = sqlite3_column_origin_name(statement_.get(), column);
    const char* table = sqlite3_column_table_name(statement_.get(), column);
    throw StoreError(fmt::format("{}: {}.{} is {}, expected a non-negative integer; the file is damaged",
                                 database_.path(), table == nullptr ? "?" : table, name == nullptr ? "?" : name,
                                 value));
}
double Statement::real(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}
bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::string Statement::text(int column) const {
    return std::string(view(column));
}
std::optional<std::int64_t> Statement::optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<bool> Statement::optional_flag(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column) != 0);
}
std::optional<double> Statement::optional_real(int column) const {
    return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<std::string> Statement::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}
std::string_view Statement::view(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return data == nullptr
               ? std::string_view()
               : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

}  // namespace harness::store
