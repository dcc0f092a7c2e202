#pragma once

#include <stdexcept>

namespace safety {

/// A file of prompts is wrong, or there is no such set or prompt; the message names file, line and field, one mistake a
/// line.
class PromptError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace safety
