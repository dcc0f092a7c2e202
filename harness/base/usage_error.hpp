#pragma once

#include <stdexcept>

namespace harness::base {

/// The call or its input was wrong (exit code 2). The message says what, where and what to do next.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace harness::base
