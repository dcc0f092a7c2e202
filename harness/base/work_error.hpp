#pragma once

#include <stdexcept>

namespace harness::base {

/// The call was right and the work failed: disk full, folder not writable, server unreachable (exit code 3).
class WorkError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The reader of a pipe has gone, as `head` does when it has its lines. Nobody needs to be told.
class ReaderGoneError : public WorkError {
public:
    using WorkError::WorkError;
};

}  // namespace harness::base
