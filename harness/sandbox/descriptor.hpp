#pragma once

#include <string>

#include "harness/base/descriptor.hpp"

namespace harness::sandbox {

using base::Descriptor;

struct Pipe {
    Descriptor read, write;
};

/// All of these throw std::system_error. Descriptors that they make are closed on exec.
Pipe make_pipe();
/// A file in memory, at its beginning.
Descriptor memory_file(const std::string& content);
/// All of a file from its beginning.
std::string whole(const Descriptor& file);
/// Another descriptor of the same file, of a number of at least `first`.
Descriptor duplicate_above(const Descriptor& descriptor, int first);
/// The file that forgets what is written.
Descriptor null_file();

}  // namespace harness::sandbox
