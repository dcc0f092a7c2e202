#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace harness::store {

enum class OpenMode {
    ReadOnly,   ///< writes neither the file nor others beside it; an older schema is migrated in memory
    ReadWrite,  ///< the file must exist; an older schema is migrated
    Create,     ///< like ReadWrite, but a missing file is created, accessible to its owner only
};

/// How to wait while another process holds the write lock.
struct LockWait {
    std::chrono::milliseconds patience = std::chrono::seconds(15);
    /// Called once, after a second, with a message that says what is waited for.
    std::function<void(std::string_view message)> notice = {};
};

/// Throws WrongFileError for a name that SQLite does not treat as a file: "", ":memory:" and "file:...".
void check_database_name(const std::string& path);

/// One SQLite connection to a file of the newest schema, shared by all stores of a command. For one thread only.
///
/// Throws WrongFileError, before anything is written, for a name that is not a file's (empty, ":memory:", "file:..."),
/// a missing file, and a file of another program or a newer schema; StoreError for everything else.
class Database {
public:
    explicit Database(const std::string& path, OpenMode mode, LockWait wait = {});
    /// A database without a file, for temporary results.
    static Database temporary() { return Database(); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& path() const { return path_; }
    /// Throws StoreError when a file opened for reading has been written since: the data read may be inconsistent.
    /// Reads under SQLite's own locks are always consistent.
    void check_unchanged() const;

    /// Changes when another connection commits, not when this one does: whether what was read is still current.
    std::int64_t data_version() const { return number("PRAGMA data_version"); }

    /// For classes of this folder only.
    sqlite3* get() const { return connection_.get(); }
    void execute(const std::string& sql) const;
    std::int64_t number(const char* sql) const;
    /// Throws StoreError when the file or its log was replaced, moved or truncated: data written now would be lost, or
    /// damage the file.
    void check_in_place() const;
    /// Throws the StoreError or WrongFileError for an SQLite result code.
    [[noreturn]] void fail(int code) const;

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    /// Data from stat that shows whether a file was written.
    struct Stamp {
        std::uint64_t inode = 0;
        std::uint64_t size = 0;
        std::int64_t modified_ns = 0;

        static Stamp of(const std::string& path);
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    enum class Locking { Sqlite, Immutable };

    Database();
    void open_for_reading();
    void open_for_writing(OpenMode mode);
    void open(const std::string& name, int flags);
    void open_read_only(Locking locking);
    bool can_read() const;
    void copy_to_private(const std::string& from);
    void copy_with_log();
    void configure();
    void use_write_ahead_log() const;
    static int on_busy(void* self, int count);

    std::string path_;
    LockWait wait_;
    std::unique_ptr<sqlite3, Close> connection_;
    std::chrono::steady_clock::time_point waiting_since_;
    bool noticed_ = false;
    bool has_file_ = true;  ///< false: the connection is to a copy of the file, or to no file
    bool immutable_ = false;
    Stamp stamp_;
    mutable Stamp file_seen_, log_seen_;  ///< at the last check_in_place()
};

}  // namespace harness::store
