#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/pending_file.hpp"
#include "harness/base/sha256.hpp"

namespace harness::download {

/// A download that is not whole yet, with the SHA-256 of what is there. It stays for a later call to continue unless
/// it is finished, discarded or empty. One process at a time has it. Throws base::WorkError.
class PartFile {
public:
    /// Takes over what an earlier call left, or begins; makes the folder.
    explicit PartFile(const std::string& path);
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile();

    std::uint64_t size() const { return file_.size(); }
    std::string sha256() const { return sum_.hex(); }
    void append(std::string_view bytes);
    void clear();                          ///< back to 0 bytes
    void discard() { discarded_ = true; }  ///< only destruction may follow
    void finish();                         ///< to its place under its own name; only destruction may follow

private:
    base::PendingFile file_;
    base::Sha256 sum_;
    bool discarded_ = false;
};

}  // namespace harness::download
