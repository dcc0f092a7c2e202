#pragma once

#include <iterator>
#include <sstream>
#include <string>

#include "tests/harness/binary.hpp"

/// Calls the binary. Words between blanks: none of these arguments has one of its own.
inline Result bellwether(const std::string& arguments) {
    std::istringstream words(arguments);
    return ::run({std::istream_iterator<std::string>(words), {}});
}
