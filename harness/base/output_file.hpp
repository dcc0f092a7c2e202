#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/pending_file.hpp"

namespace harness::base {

/// What a verb writes for its user. An ordinary file appears, or is replaced, when it is whole, whatever happens in
/// between; symbolic links are followed and permissions kept. Devices, pipes and standard output ("-") are written as
/// they are. Refuses databases; see resolve_output for that and for when to make one.
class OutputFile {
public:
    /// Throws UsageError and WorkError as resolve_output does. Waits for the reader of a named pipe, and for another
    /// process that is writing this file.
    explicit OutputFile(const std::string& path);

    /// Throws WorkError; ReaderGoneError when nobody reads the pipe any more.
    void write(std::string_view bytes);
    /// Without it, an ordinary file stays as it was. Nothing may be written afterwards.
    void finish();

private:
    void flush();

    std::string name_;
    std::optional<PendingFile> file_;  // none: a stream
    Descriptor opened_;                // of a device or named pipe
    int stream_ = -1;
    std::string buffer_;
};

/// A whole output at once.
void write_output(const std::string& path, std::string_view content);

}  // namespace harness::base
