#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/pending_file.hpp"
#include "harness/base/sha256.hpp"

namespace harness::download {

/// An incomplete download, with the SHA-256 of the bytes so far. It is kept for a later call to continue unless it is
/// finished, discarded or empty. Only one process at a time can have it open. Throws base::WorkError.
class PartFile {
public:
    /// Continues the file of an earlier call, or starts a new one; creates the folder.
    explicit PartFile(const std::string& path);
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile();

    std::uint64_t size() const { return file_.size(); }
    std::string sha256() const { return sum_.hex(); }
    void append(std::string_view bytes);
    void clear();                          ///< truncates to 0 bytes
    void discard() { discarded_ = true; }  ///< only destruction may follow
    void finish();                         ///< renames it to its final name; only destruction may follow

private:
    base::PendingFile file_;
    base::Sha256 sum_;
    bool discarded_ = false;
};

}  // namespace harness::download
