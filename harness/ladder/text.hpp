#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace harness::ladder {

/// The text over which models are compared, in rolling windows as `perplexity` has them: every token is predicted once.
struct Text {
    std::string name;
    std::string fingerprint;  ///< SHA-256
    std::size_t text_tokens = 0;
    std::uint32_t window_tokens = 0;
    std::vector<engine::ScoreRequest> windows;
    std::vector<std::size_t> window_of;    ///< of each predicted token
    std::vector<std::size_t> first_token;  ///< of each window, an index into window_of

    std::size_t tokens() const { return window_of.size(); }
    /// Index of the token that `index` of a window's continuation is.
    std::size_t place(std::size_t window, std::size_t index) const { return first_token[window] + index; }
};

/// `max_tokens`: only the first so many; 0: all. Throws base::UsageError for a text without tokens.
Text cut_text(const std::string& name, const std::string& content, const engine::Tokenizer& tokenizer,
              std::uint32_t window_tokens, std::uint64_t max_tokens);

}  // namespace harness::ladder
