#include "harness/base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;

[[noreturn]] void fail(const std::string& name, int error) {
    const std::string message = fmt::format("{}: cannot be written: {}", name, std::strerror(error));
    if (error == EPIPE) throw ReaderGoneError(message);
    throw WorkError(message);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : name_(path) {
    OutputTarget target = resolve_output(path);
    switch (target.kind) {
        case OutputTarget::Kind::File: file_.emplace(std::move(target)); break;
        case OutputTarget::Kind::Device:
            opened_ = Descriptor(::open(target.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
            if (!opened_.is_open()) fail(name_, errno);
            stream_ = opened_.get();
            break;
        case OutputTarget::Kind::Descriptor:
            // Not reopened: the position and append mode of a redirection belong to the descriptor.
            stream_ = target.descriptor;
            name_ = target.name;
            // Text printed earlier must come first.
            std::fflush(stdout);
            std::fflush(stderr);
            break;
    }
}

void OutputFile::write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() >= kBuffer) flush();
}

void OutputFile::flush() {
    std::string_view left = buffer_;
    if (file_) {
        file_->append(left);
        left = {};
    }
    while (!left.empty()) {
        const ssize_t written = ::write(stream_, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(name_, errno);
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

void OutputFile::finish() {
    flush();
    if (file_) file_->publish();
}

void write_output(const std::string& path, std::string_view content) {
    OutputFile file(path);
    file.write(content);
    file.finish();
}

}  // namespace harness::base
