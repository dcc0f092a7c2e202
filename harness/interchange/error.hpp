#pragma once

#include "harness/base/usage_error.hpp"

namespace harness::interchange {

/// A file of another tool cannot be read as what it should be. The message names file and row.
class InterchangeError : public base::UsageError {
public:
    using UsageError::UsageError;
};

}  // namespace harness::interchange
