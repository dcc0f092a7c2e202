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
    ReadOnly,   ///< writes nothing, neither the file nor one beside it; an older schema is migrated in memory
    ReadWrite,  ///< the file must be there; an older schema is migrated
    Create,     ///< the same, and a missing file is made, for its owner alone
};

/// What happens while another process holds the lock for writing.
struct LockWait {
    std::chrono::milliseconds patience = std::chrono::seconds(15);
    /// Told once, after a second, what is waited for.
    std::function<void(std::string_view message)> notice = {};
};

/// Throws WrongFileError for a name that SQLite takes for something else than a file: "", ":memory:" and "file:...".
void check_database_name(const std::string& path);

/// One SQLite connection to a file of the newest schema, which all stores of a command share. One thread.
///
/// Throws WrongFileError for a name that is no file's (empty, ":memory:", "file:..."), a missing file, one of another
/// program and one of a newer schema, before anything is written; StoreError for everything else.
class Database {
public:
    explicit Database(const std::string& path, OpenMode mode, LockWait wait = {});
    /// A database without a file, for results that nobody keeps.
    static Database temporary() { return Database(); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& path() const { return path_; }
    /// Throws StoreError when a file that was opened for reading has been written since: what was read may be of two
    /// moments. Files that SQLite itself locks are always of one.
    void check_unchanged() const;

    /// For the classes of this folder.
    sqlite3* get() const { return connection_.get(); }
    void execute(const std::string& sql) const;
    std::int64_t number(const char* sql) const;
    /// Throws StoreError when the file or its log is no longer the one under its name, or was cut: what is written
    /// would be lost, or damage the file.
    void check_in_place() const;
    /// Throws StoreError, or WrongFileError, for an SQLite result code.
    [[noreturn]] void fail(int code) const;

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    /// What stat says of a file, to see that it was written.
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
    bool has_file_ = true;  ///< the connection is to the file itself, not to a copy
    bool immutable_ = false;
    Stamp stamp_;
    mutable Stamp file_seen_, log_seen_;  ///< at the last check_in_place()
};

}  // namespace harness::store
