#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/pending_file.hpp"

namespace harness::base {

/// An output that the user asked for. An ordinary file is written under a temporary name and renamed by finish(), so
/// that a failure leaves the old file as it was; symbolic links are followed and permissions kept. Devices, pipes and
/// standard output ("-") are written directly. Refuses databases; resolve_output says which, and when to create this
/// object.
class OutputFile {
public:
    /// Throws UsageError and WorkError as resolve_output does. Blocks until a named pipe has a reader, and while
    /// another process writes this file.
    explicit OutputFile(const std::string& path);

    /// Throws WorkError, and ReaderGoneError when the pipe has no reader any more.
    void write(std::string_view bytes);
    /// Must be called last: without it an ordinary file is not changed.
    void finish();

private:
    void flush();

    std::string name_;
    std::optional<PendingFile> file_;  // nullopt for a stream
    Descriptor opened_;                // owns the descriptor of a device or named pipe
    int stream_ = -1;
    std::string buffer_;
};

/// Writes a complete output in one call.
void write_output(const std::string& path, std::string_view content);

}  // namespace harness::base
