#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/output_target.hpp"

namespace harness::base {

/// What a PendingFile does about existing files and other processes.
struct PendingRules {
    /// When a file of this name exists.
    enum class Existing {
        Replace,  ///< keeps its permissions
        Refuse,   ///< throws UsageError, also when the file appears during writing
    } existing = Existing::Replace;
    /// When another process is writing a file of this name.
    enum class Busy { Wait, Refuse } busy = Busy::Wait;
    /// When a killed process left a temporary file of this name.
    enum class Leftover {
        Remove,
        Continue,  ///< its bytes become the start of this file
    } leftover = Leftover::Remove;
    mode_t mode = 0666;  ///< of a new file, before the umask
};

/// A file written under a temporary name in the same folder and renamed by publish(). Only one process at a time can
/// write a given name. Without publish() or keep() the temporary file is removed.
///
/// The temporary name is ".NAME.<16 random digits>.bellwether", and the writer holds a lock (flock) on that file. A
/// file of this form without a lock was therefore left by a killed process; the next writer of the name removes it,
/// with SQLite's -wal, -shm and -journal files beside it. On file systems without locks, and in folders that cannot be
/// listed, leftovers stay and writers do not wait for each other; temporary names are still unique.
///
/// Another library (SQLite) may write to temporary_path() instead of append(); it must close the file before publish()
/// and before this object is destroyed. Throws WorkError when the file system fails.
class PendingFile {
public:
    /// Throws UsageError as resolve_output does, and for a device or pipe.
    explicit PendingFile(const std::string& path, const PendingRules& rules = {});
    /// `target` must be of Kind::File.
    explicit PendingFile(OutputTarget target, const PendingRules& rules = {});
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile();

    const std::string& temporary_path() const { return temporary_; }
    int descriptor() const { return file_.get(); }  ///< of the temporary file, open for reading and writing
    /// Bytes in the temporary file: from a leftover and from append().
    std::uint64_t size() const { return size_; }

    void append(std::string_view bytes);
    void clear();    ///< truncates to 0 bytes
    void publish();  ///< syncs to the disk and renames; only destruction may follow
    void keep();     ///< leaves the temporary file for the next PendingFile with Leftover::Continue

private:
    void claim();
    void create();
    bool try_claim();
    void rename_without_replacing() const;
    [[noreturn]] void fail(const char* what) const;

    OutputTarget target_;
    PendingRules rules_;
    std::string folder_;
    std::string prefix_;  // of temporary names
    std::string temporary_;
    Descriptor file_;  // holds the lock
    std::uint64_t size_ = 0;
    bool done_ = false;
};

}  // namespace harness::base
