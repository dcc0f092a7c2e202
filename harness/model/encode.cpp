#include "harness/model/encode.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/text.hpp"

namespace harness::model {
namespace {

using engine::TokenId;

/// The tokens of `whole` after the context's length. Throws EngineError (Input) if there are none.
std::vector<TokenId> beyond(const std::vector<TokenId>& context, const std::vector<TokenId>& whole) {
    if (whole.size() <= context.size())
        throw engine::EngineError(engine::EngineError::Kind::Input, "the continuation has no tokens of its own");
    return {whole.begin() + static_cast<std::ptrdiff_t>(context.size()), whole.end()};
}

constexpr std::string_view kBos = "<s>";

}  // namespace

engine::Role role_of(suites::Role role) {
    switch (role) {
        case suites::Role::System: return engine::Role::System;
        case suites::Role::User: return engine::Role::User;
        case suites::Role::Assistant: break;
    }
    return engine::Role::Assistant;
}

std::vector<TokenId> encode_text(const engine::Tokenizer& tokenizer, const std::string& text, BosProfile bos) {
    if (text.starts_with(kBos)) return tokenizer.encode(text.substr(kBos.size()), engine::Bos::Yes);
    return tokenizer.encode(text, bos == BosProfile::None ? engine::Bos::No : engine::Bos::ModelDefault);
}

engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context,
                                 const std::string& continuation, BosProfile bos, std::uint32_t context_length,
                                 std::size_t* cut) {
    const std::string left(suites::strip_end(context));
    const std::string right = context.substr(left.size()) + continuation;

    engine::ScoreRequest request;
    if (left.empty()) {
        const std::vector<TokenId> whole = encode_text(tokenizer, right, BosProfile::None);
        request.context = {tokenizer.bos_id()};
        request.continuation = right.starts_with(kBos) ? beyond(request.context, whole) : beyond({}, whole);
    } else {
        request.context = encode_text(tokenizer, left, bos);
        request.continuation = beyond(request.context, encode_text(tokenizer, left + right, bos));
    }
    if (request.continuation.size() > context_length) {
        throw engine::EngineError(engine::EngineError::Kind::Input,
                                  fmt::format("the continuation of {} tokens is longer than the model's context of {}",
                                              request.continuation.size(), context_length));
    }
    // The input is the last context_length + 1 tokens without the final one, so tokens on the left are dropped.
    const std::size_t total = request.context.size() + request.continuation.size();
    const std::size_t lost = total - std::min<std::size_t>(total, context_length + std::size_t{1});
    request.context.erase(request.context.begin(), request.context.begin() + static_cast<std::ptrdiff_t>(lost));
    if (cut != nullptr) *cut = lost;
    return request;
}

engine::ScoreRequest encode_chat_pair(engine::ChatFormat format, const engine::Tokenizer& tokenizer,
                                      std::span<const engine::Message> messages, const std::string& continuation) {
    engine::ScoreRequest request{.context = engine::render(format, tokenizer, messages).ids, .continuation = {}};
    request.continuation = beyond(request.context, engine::render(format, tokenizer, messages, continuation).ids);
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
            // The window's `length` input tokens end just before the last predicted one; a full window leaves one token
            // of context.
            window.context.assign(at(done + count - 1 - std::min(done + count - 1, length)), at(done));
        }
        window.continuation.assign(at(done), at(done + count));
        windows.push_back(std::move(window));
        done += count;
    }
    return windows;
}

}  // namespace harness::model
