#include "harness/run/encode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace harness::run {
namespace {

using engine::TokenId;

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

engine::Bos bos_of(BosProfile profile) {
    return profile == BosProfile::None ? engine::Bos::No : engine::Bos::ModelDefault;
}

engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context,
                                 const std::string& continuation, BosProfile bos, std::uint32_t context_length,
                                 std::size_t* cut) {
    std::string left = context;
    std::string right = continuation;
    const auto end = std::find_if_not(left.rbegin(), left.rend(), is_space).base();
    right.insert(right.begin(), end, left.end());
    left.erase(end, left.end());

    engine::ScoreRequest request;
    if (left.empty()) {
        request.context = {tokenizer.bos_id()};
        request.continuation = tokenizer.encode(right, engine::Bos::No);
    } else {
        request.context = tokenizer.encode(left, bos_of(bos));
        const std::vector<TokenId> whole = tokenizer.encode(left + right, bos_of(bos));
        request.continuation.assign(
            whole.begin() + static_cast<std::ptrdiff_t>(std::min(request.context.size(), whole.size())), whole.end());
    }
    if (request.continuation.empty())
        throw engine::EngineError(engine::EngineError::Kind::Input, "the continuation has no tokens of its own");
    if (request.continuation.size() > context_length) {
        throw engine::EngineError(engine::EngineError::Kind::Input,
                                  fmt::format("the continuation of {} tokens is longer than the model's context of {}",
                                              request.continuation.size(), context_length));
    }
    // The input is the last context_length + 1 tokens without the final one, so the left side goes first.
    const std::size_t total = request.context.size() + request.continuation.size();
    const std::size_t lost = total - std::min<std::size_t>(total, context_length + std::size_t{1});
    request.context.erase(request.context.begin(), request.context.begin() + static_cast<std::ptrdiff_t>(lost));
    if (cut != nullptr) *cut = lost;
    return request;
}

std::vector<engine::ScoreRequest> rolling_windows(const std::vector<TokenId>& ids, TokenId prefix,
                                                  std::uint32_t context_length) {
    std::vector<engine::ScoreRequest> windows;
    const std::size_t length = context_length;
    for (std::size_t done = 0; done < ids.size();) {
        const auto at = [&ids](std::size_t index) { return ids.begin() + static_cast<std::ptrdiff_t>(index); };
        const std::size_t count = std::min(length, ids.size() - done);
        engine::ScoreRequest window;
        if (done == 0) {
            window.context = {prefix};
        } else {
            // `length` input tokens end just before the last predicted one; a whole window leaves one of context.
            window.context.assign(at(done + count - 1 - std::min(done + count - 1, length)), at(done));
        }
        window.continuation.assign(at(done), at(done + count));
        windows.push_back(std::move(window));
        done += count;
    }
    return windows;
}

}  // namespace harness::run
