#pragma once

#include <stdexcept>

namespace harness::store {

/// The store cannot be read or written: disk full, locked, damaged. The message names the file and what to do next.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The name or the file is not usable as a store: the caller has to name another.
class WrongFileError : public StoreError {
public:
    using StoreError::StoreError;
};

/// No run, or more than one, matches the reference that was given.
class NoSuchRunError : public StoreError {
public:
    using StoreError::StoreError;
};

}  // namespace harness::store
