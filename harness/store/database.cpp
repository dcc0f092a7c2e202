#include "harness/store/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <thread>

#include "harness/base/temporary_folder.hpp"
#include "harness/store/error.hpp"
#include "harness/store/lock_holder.hpp"
#include "harness/store/schema.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kNoticeAfter(1000);
constexpr std::chrono::milliseconds kLookAgain(20);
/// Max size of a private copy in memory; SQLite writes further pages to a temporary file.
constexpr const char* kPrivateCache = "PRAGMA cache_size = -262144";

constexpr const char* kDiskFull = "; the disk is full, what was stored before is safe";

std::string advice(int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL: return kDiskFull;
        case SQLITE_IOERR: return "; the disk cannot be read or written";
        case SQLITE_NOTADB: return "; this is not a Bellwether database, name another with --db";
        case SQLITE_CORRUPT: return "; the file is damaged, restore it from a copy";
        case SQLITE_CANTOPEN: return "; does the folder exist, and may you write to it?";
        case SQLITE_READONLY: return "; the file may not be written";
        default: return "";
    }
}

bool there(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool has_bytes(const std::string& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return !error && size > 0;
}

/// A path as an SQLite URI, for opening it as immutable.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : fs::absolute(path).string()) {
        if (c == '%' || c == '?' || c == '#') {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

/// Throws WrongFileError for what can hold no database: a folder, a device, a pipe, a circle of links.
void check_kind(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::directory) throw WrongFileError(path + ": is a folder; name a file with --db");
    if (error == std::errc::too_many_symbolic_link_levels)
        throw WrongFileError(path + ": its links lead round in a circle; name a file with --db");
    if (fs::exists(status) && !fs::is_regular_file(status))
        throw WrongFileError(path + ": is a device or a pipe, not a file; name a file with --db");
}

enum class Created { Yes, No };

/// Creates the file, accessible to its owner only; SQLite gives its log the same mode. An existing file is not changed,
/// and errors here occur again when SQLite opens it.
Created create(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) return Created::No;
    ::close(file);
    return Created::Yes;
}

}  // namespace

void check_database_name(const std::string& path) {
    if (path.empty()) throw WrongFileError("the database's name is empty; name a file with --db");
    if (path == ":memory:")
        throw WrongFileError("':memory:' would be lost when the command ends; name a file with --db");
    if (path.starts_with("file:")) {
        throw WrongFileError(fmt::format(
            "'{}': a database is named by its path, not by a URI; './{}' is a file of that name", path, path));
    }
}

void Database::Close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Database::Stamp Database::Stamp::of(const std::string& path) {
    struct stat seen = {};
    if (stat(path.c_str(), &seen) != 0) return {};
    return {seen.st_ino, static_cast<std::uint64_t>(seen.st_size),
            std::int64_t{seen.st_mtim.tv_sec} * 1'000'000'000 + seen.st_mtim.tv_nsec};
}

Database::Database() : path_("temporary database"), has_file_(false) {
    open("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    migrate(*this);
}

Database::Database(const std::string& path, OpenMode mode, LockWait wait) : path_(path), wait_(std::move(wait)) {
    check_database_name(path);
    check_kind(path);
    if (mode != OpenMode::Create && !there(path))
        throw WrongFileError(path + ": no such database; make one with 'bellwether run', or name it with --db");
    if (mode == OpenMode::ReadOnly) {
        open_for_reading();
    } else {
        open_for_writing(mode);
    }
}

void Database::open_for_reading() {
    // A running or killed writer has its log beside the file; without a log nothing has to be locked. When a file is
    // opened as immutable, SQLite creates no files of its own, which fails in a read-only folder.
    const bool has_log = there(path_ + "-wal") || there(path_ + "-shm") || there(path_ + "-journal");
    open_read_only(has_log ? Locking::Sqlite : Locking::Immutable);
    if (has_log && !can_read()) {
        if (has_bytes(path_ + "-wal")) {
            copy_with_log();
        } else {
            open_read_only(Locking::Immutable);
        }
    }
    check_ours(*this);
    if (number("PRAGMA user_version") < newest_schema()) migrate_in_memory(*this);
}

void Database::open_read_only(Locking locking) {
    immutable_ = locking == Locking::Immutable;
    stamp_ = Stamp::of(path_);
    if (immutable_) {
        open(immutable_uri(path_), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    } else {
        open(path_, SQLITE_OPEN_READONLY);
    }
}

/// False if SQLite needs a file beside the database that it cannot create.
bool Database::can_read() const {
    const int code = sqlite3_exec(get(), "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return true;
    if ((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_READONLY) return false;
    fail(code);
}

/// Reads the file and a log from copies, if SQLite cannot read them in place.
void Database::copy_with_log() {
    const base::TemporaryFolder folder;
    const std::string copy = folder.path() + "/copy.sqlite";
    std::error_code error;
    fs::copy_file(path_, copy, error);
    if (!error) fs::copy_file(path_ + "-wal", copy + "-wal", error);
    if (error) {
        throw StoreError(fmt::format(
            "{}: its log ({}-wal) can only be read from a copy in {}, which failed: {}; set TMPDIR to another folder",
            path_, path_, folder.path(), error.message()));
    }
    fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, error);
    fs::permissions(copy + "-wal", fs::perms::owner_read | fs::perms::owner_write, error);
    open(copy, SQLITE_OPEN_READWRITE);
    copy_to_private(path_);
}

/// Switches to a private copy of the database.
void Database::copy_to_private(const std::string& from) {
    const std::unique_ptr<sqlite3, Close> source = std::move(connection_);
    open("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    execute(kPrivateCache);
    sqlite3_backup* backup = sqlite3_backup_init(get(), "main", source.get(), "main");
    if (backup == nullptr) fail(sqlite3_errcode(get()));
    int code = SQLITE_OK;
    const auto start = std::chrono::steady_clock::now();
    while ((code = sqlite3_backup_step(backup, -1)) == SQLITE_BUSY || code == SQLITE_LOCKED) {
        if (std::chrono::steady_clock::now() - start > wait_.patience) break;
        std::this_thread::sleep_for(kLookAgain);
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        throw StoreError(
            fmt::format("{}: cannot be copied for reading: {}{}", from, sqlite3_errstr(code), advice(code)));
    check_unchanged();
    has_file_ = false;
    immutable_ = false;
}

void Database::open_for_writing(OpenMode mode) {
    const Created created = mode == OpenMode::Create ? create(path_) : Created::No;
    try {
        open(path_, SQLITE_OPEN_READWRITE);
        check_ours(*this);
        if (sqlite3_db_readonly(get(), "main") == 1) fail(SQLITE_READONLY);
        use_write_ahead_log();
        // One sync per batch: a batch that was reported as stored survives a power failure.
        execute("PRAGMA synchronous = FULL");
        migrate(*this);
    } catch (...) {
        std::error_code ignored;
        if (created == Created::Yes && !has_bytes(path_)) fs::remove(path_, ignored);
        throw;
    }
}

void Database::open(const std::string& name, int flags) {
    sqlite3* connection = nullptr;
    const int code =
        sqlite3_open_v2(name.c_str(), &connection, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nullptr);
    connection_.reset(connection);
    if (code != SQLITE_OK) fail(code);
    configure();
}

/// A file may come from anyone: its schema must not run code, and damage must give an error.
void Database::configure() {
    sqlite3_busy_handler(get(), on_busy, this);
    sqlite3_db_config(get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(get(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    execute("PRAGMA cell_size_check = ON");
    execute("PRAGMA foreign_keys = ON");
}

/// Two processes that open a new file at once conflict here, and SQLite does not wait by itself.
void Database::use_write_ahead_log() const {
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
        const int code = sqlite3_exec(get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        if ((code & 0xFF) != SQLITE_BUSY || std::chrono::steady_clock::now() - start > wait_.patience) fail(code);
        std::this_thread::sleep_for(kLookAgain);
    }
}

int Database::on_busy(void* self, int count) {
    auto& database = *static_cast<Database*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (count == 0) database.waiting_since_ = now;
    const auto waited = now - database.waiting_since_;
    if (waited >= database.wait_.patience) return 0;
    if (waited >= kNoticeAfter && !database.noticed_ && database.wait_.notice) {
        database.noticed_ = true;
        try {
            database.wait_.notice(
                fmt::format("{}: waiting for {} to finish writing", database.path_, lock_holder(database.path_)));
        } catch (...) {  // exceptions must not pass through SQLite's C code
            database.wait_.notice = {};
        }
    }
    std::this_thread::sleep_for(kLookAgain);
    return 1;
}

void Database::execute(const std::string& sql) const {
    const int code = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const char* sql) const {
    return Statement(*this, sql).run_for_integer().value();
}

void Database::check_unchanged() const {
    if (!immutable_ || Stamp::of(path_) == stamp_) return;
    throw StoreError(path_ + ": another process wrote to it while it was read; run the same command again");
}

void Database::check_in_place() const {
    if (!has_file_) return;
    int moved = 0;
    const int code = sqlite3_file_control(get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    // SQLite checks neither: it reads zeros where a file was truncated, and keeps writing to a log that nobody will
    // find.
    const char* const name = sqlite3_db_filename(get(), "main");
    const Stamp file = Stamp::of(name);
    const Stamp log = Stamp::of(sqlite3_filename_wal(name));
    const bool cut = file.size < file_seen_.size || log.size < log_seen_.size;
    const bool other_log = log_seen_.inode != 0 && log.inode != log_seen_.inode;
    file_seen_ = file;
    log_seen_ = log;
    if (code == SQLITE_OK && moved == 0 && !cut && !other_log) return;
    throw StoreError(
        path_ +
        ": was deleted, cut, moved or replaced while this command used it; what would be stored now would be lost. "
        "Put the file back if you can, and run the same command again to continue");
}

void Database::fail(int code) const {
    if ((code & 0xFF) == SQLITE_BUSY) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait_.patience).count();
        throw StoreError(
            fmt::format("{}: {} is writing to it, after {} s of waiting; let it finish, or use another --db", path_,
                        lock_holder(path_), seconds));
    }
    // SQLite reports "I/O error" when it has no space for its shared memory.
    const bool no_space = get() != nullptr && (code & 0xFF) == SQLITE_IOERR && sqlite3_system_errno(get()) == ENOSPC;
    const std::string message =
        fmt::format("{}: {}{}", path_, get() != nullptr ? sqlite3_errmsg(get()) : sqlite3_errstr(code),
                    no_space ? kDiskFull : advice(code));
    if ((code & 0xFF) == SQLITE_NOTADB) throw WrongFileError(message);
    throw StoreError(message);
}

}  // namespace harness::store
