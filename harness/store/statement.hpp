#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace harness::store {

class Database;

/// Bytes to bind; must stay valid while the statement runs.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement; the database must outlive it. `bind` resets it; arguments are numbered from ?1. Throws
/// StoreError.
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
    /// Runs to the end, for statements that return no rows.
    void run();
    /// Runs to the end; the integer that the statement returns in one row, such as an id. nullopt without a row.
    std::optional<std::int64_t> run_for_integer();

    std::int64_t integer(int column) const;
    /// A column that counts something. Throws StoreError when it is negative: a damaged or forged file.
    std::uint64_t count(int column) const;
    double real(int column) const;
    bool is_null(int column) const;
    std::string text(int column) const;
    /// As above; nullopt for NULL.
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<bool> optional_flag(int column) const;
    std::optional<double> optional_real(int column) const;
    std::optional<std::string> optional_text(int column) const;
    /// Valid until the next step.
    std::string_view view(int column) const;

private:
    void reset();
    void bind_one(int index, std::int64_t value);
    void bind_one(int index, std::uint64_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, std::uint32_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, bool value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, double value);
    void bind_one(int index, std::string_view value);
    void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
    void bind_one(int index, const char* value) { bind_one(index, std::string_view(value)); }
    void bind_one(int index, const Blob& value);
    /// NULL for nullopt. Not inline: where it is, GCC 12 takes absent values for uninitialised ones.
    void bind_one(int index, const std::optional<std::int64_t>& value);
    void bind_one(int index, const std::optional<bool>& value);
    void bind_one(int index, const std::optional<double>& value);
    void bind_one(int index, const std::optional<Blob>& value);
    void check(int result) const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace harness::store
