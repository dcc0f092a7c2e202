#pragma once

#include <cstdint>
#include <vector>

namespace reports::data {

/// The documents of a task's items. All vectors have the same index.
struct Documents {
    std::vector<std::uint64_t> numbers;  ///< ascending
    /// Hash of document and correct answer, so that a changed answer is another document. Empty: unknown.
    std::vector<std::uint64_t> contents = {};
    /// Hash of the document only: the same for two tools that write correct answers differently. Empty: unknown.
    std::vector<std::uint64_t> rows = {};
    /// Hash of everything that the model was asked: prompts, continuations, numbers of tokens. Empty: not taken.
    std::vector<std::uint64_t> asked = {};
    /// Hash of everything that it answered: texts and the bits of log-probabilities. Empty: not taken.
    std::vector<std::uint64_t> answered = {};
    bool imported = false;  ///< the documents come from another tool's log
};

}  // namespace reports::data
