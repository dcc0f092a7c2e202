#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/output_target.hpp"

namespace harness::base {

/// How a PendingFile treats others.
struct PendingRules {
    /// A file that has the name already.
    enum class Existing {
        Replace,  ///< its permissions stay
        Refuse,   ///< UsageError; also when it appears while this one is written
    } existing = Existing::Replace;
    /// Another process that is writing the same name.
    enum class Busy { Wait, Refuse } busy = Busy::Wait;
    /// What a process that was killed left of this name.
    enum class Leftover {
        Remove,
        Continue,  ///< its bytes are the start of this one
    } leftover = Leftover::Remove;
    mode_t mode = 0666;  ///< of a new file, less the umask
};

/// A file that gets its name when it is whole: written under a temporary name in the same folder, which publish()
/// renames. One process at a time has a name pending. Without publish() or keep() the temporary file goes.
///
/// The temporary name is ".NAME.<16 random digits>.bellwether", and the writer holds a lock (flock) on that file. So a
/// file of this form that nobody has locked was left by a process that was killed, and the next writer of the name
/// removes it, with the -wal, -shm and -journal that SQLite puts beside it. File systems without locks, and folders
/// that may not be listed, lose that and the waiting for each other; names stay unique.
///
/// Another program (SQLite) may write temporary_path() instead of append(); it must have closed it before publish()
/// and before this object ends. Throws WorkError when the file system fails.
class PendingFile {
public:
    /// Throws UsageError as resolve_output does, and for a device or pipe.
    explicit PendingFile(const std::string& path, const PendingRules& rules = {});
    /// `target` is of Kind::File.
    explicit PendingFile(OutputTarget target, const PendingRules& rules = {});
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile();

    const std::string& temporary_path() const { return temporary_; }
    int descriptor() const { return file_.get(); }  ///< of the temporary file, for reading and writing
    /// Bytes that the temporary file has: those of a leftover and of append().
    std::uint64_t size() const { return size_; }

    void append(std::string_view bytes);
    void clear();    ///< back to 0 bytes
    void publish();  ///< writes to the disk, renames; only destruction may follow
    void keep();     ///< leaves the temporary file to the next PendingFile with Leftover::Continue

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
