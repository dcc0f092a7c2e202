#pragma once

#include <cstddef>
#include <string>

namespace harness::base {

/// `bytes` random bytes of the system, at most 256, as lower-case hexadecimal digits: for names that nobody can guess.
/// Throws WorkError when the system has none.
std::string random_hex(std::size_t bytes);

}  // namespace harness::base
