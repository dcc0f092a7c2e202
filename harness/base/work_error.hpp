#pragma once

#include <stdexcept>

namespace harness::base {

/// The call was correct but the work failed: disk full, folder not writable, server unreachable (exit code 3).
class WorkError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The reader of a pipe closed it, as `head` does after its lines. No message is needed.
class ReaderGoneError : public WorkError {
public:
    using WorkError::WorkError;
};

}  // namespace harness::base
