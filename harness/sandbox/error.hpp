#pragma once

#include <stdexcept>

namespace harness::sandbox {

/// The sandbox does not work on this machine; the message says why and what to do.
class SandboxError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The caller asked to stop while programs ran. They have no verdict.
class Interrupted : public SandboxError {
public:
    using SandboxError::SandboxError;
};

}  // namespace harness::sandbox
