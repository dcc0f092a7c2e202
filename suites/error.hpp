#pragma once

#include <stdexcept>

namespace suites {

/// A task definition or a data file is invalid. The message names file and field or row.
class SuiteError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace suites
