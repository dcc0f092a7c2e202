#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace harness::store {

/// One SQLite connection: WAL, foreign keys, migrated to the newest schema. Throws StoreError.
class Database {
public:
    explicit Database(const std::string& path);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    sqlite3* get() const { return connection_; }
    const std::string& path() const { return path_; }
    void execute(const std::string& sql) const;

private:
    /// Throws WrongFileError; before anything is written.
    void check_ours() const;
    void migrate() const;
    std::int64_t number(const char* sql) const;

    std::string path_;
    sqlite3* connection_ = nullptr;
};

/// A prepared statement. `bind` starts it afresh; arguments are numbered from ?1.
class Statement {
public:
    Statement(const Database& database, const char* sql);

    template <class... Values>
    Statement& bind(const Values&... values) {
        reset();
        int index = 0;
        (bind_one(++index, values), ...);
        return *this;
    }
    /// True while there is a row.
    bool step();
    /// To the end, for statements without rows.
    void run();

    std::int64_t integer(int column) const;
    double real(int column) const;
    bool is_null(int column) const;
    std::string text(int column) const;

private:
    /// A text bound as bytes.
    friend struct Blob;
    void reset();
    void bind_one(int index, std::int64_t value);
    void bind_one(int index, std::uint64_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, std::uint32_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, bool value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, double value);
    void bind_one(int index, const std::optional<double>& value);
    void bind_one(int index, std::string_view value);
    void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
    void bind_one(int index, const struct Blob& value);
    void check(int result) const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Bytes to bind; must outlive the statement's run.
struct Blob {
    std::string_view bytes;
};

/// BEGIN IMMEDIATE; rolled back unless committed.
class Transaction {
public:
    explicit Transaction(const Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        database_.execute("COMMIT");
        open_ = false;
    }

private:
    const Database& database_;
    bool open_ = true;
};

}  // namespace harness::store
