#pragma once

#include <string>

#include "harness/base/descriptor.hpp"

namespace harness::sandbox {

using base::Descriptor;

struct Pipe {
    Descriptor read, write;
};

/// All of these throw std::system_error. The descriptors they create are closed on exec.
Pipe make_pipe();
/// A file in memory with this content, positioned at its start.
Descriptor memory_file(const std::string& content);
/// The whole content of a file.
std::string whole(const Descriptor& file);
/// A duplicate of a descriptor, with a number of at least `first`.
Descriptor duplicate_above(const Descriptor& descriptor, int first);
/// Opens /dev/null.
Descriptor null_file();

}  // namespace harness::sandbox
