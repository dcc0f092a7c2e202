#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "harness/base/descriptor.hpp"

namespace harness::base {

/// Numbers that are too many for memory: a file in $TMPDIR (or /tmp) without a name, which the system removes when the
/// process ends, however it ends. Const member functions may be called from any thread.
class ScratchFile {
public:
    /// Reserves the space, so that a full disk is found before any work. Throws WorkError.
    explicit ScratchFile(std::uint64_t bytes);

    /// Throws WorkError.
    void write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Fills `bytes`. Throws WorkError.
    void read(std::uint64_t offset, std::span<std::byte> bytes) const;

    /// Where such files are, and the space that is left there. [bytes]
    static std::string folder();
    static std::uint64_t free_bytes();

private:
    [[noreturn]] void fail(const char* what, int error) const;

    Descriptor file_;
};

}  // namespace harness::base
