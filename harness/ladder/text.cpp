#include "harness/ladder/text.hpp"

#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/model/encode.hpp"

namespace harness::ladder {

Text cut_text(const std::string& name, const std::string& content, const engine::Tokenizer& tokenizer,
              std::uint32_t window_tokens, std::uint64_t max_tokens) {
    std::vector<engine::TokenId> ids = tokenizer.encode(content, engine::Bos::No);
    if (ids.empty()) throw base::UsageError(name + ": the file is empty; there is nothing to predict");
    Text text{.name = name,
              .fingerprint = base::sha256_hex(content),
              .text_tokens = ids.size(),
              .window_tokens = window_tokens,
              .windows = {},
              .window_of = {},
              .first_token = {}};
    if (max_tokens != 0 && max_tokens < ids.size()) ids.resize(max_tokens);
    text.windows = model::rolling_windows(ids, tokenizer.bos_id(), window_tokens);
    for (std::size_t window = 0; window < text.windows.size(); ++window) {
        text.first_token.push_back(text.window_of.size());
        text.window_of.resize(text.window_of.size() + text.windows[window].continuation.size(), window);
    }
    return text;
}

}  // namespace harness::ladder
