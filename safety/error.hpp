#pragma once

#include <stdexcept>

namespace safety {

/// A file of prompts or labelled answers is invalid, or a set or prompt does not exist. The message names file, line
/// and field, one mistake per line.
class PromptError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace safety
