#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/chat.hpp"
#include "engine/language_model.hpp"

namespace harness::model {

/// Which ids stand before a text (evaluation-profile): the tokenizer's own default, or none.
enum class BosProfile { ModelDefault, None };

/// A prompt's ids. A text that begins with "<s>" has its BOS already, as the reference's tokenizer takes it.
std::vector<engine::TokenId> encode_text(const engine::Tokenizer& tokenizer, const std::string& text, BosProfile bos);

/// Pair encoding: trailing white space of the context, what Python calls so, moves to the continuation; the
/// continuation's ids are those of the whole text after the context's own length; an empty context becomes BOS.
/// Truncated on the left to `context_length`.
/// `cut`, when given, receives how many tokens of the context were lost.
engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context,
                                 const std::string& continuation, BosProfile bos, std::uint32_t context_length,
                                 std::size_t* cut = nullptr);

/// Pair encoding behind a dialogue in a chat format: nothing is cut.
engine::ScoreRequest encode_chat_pair(engine::ChatFormat format, const engine::Tokenizer& tokenizer,
                                      std::span<const engine::Message> messages, const std::string& continuation);

/// Windows of a rolling log-likelihood: every token of `ids` is predicted exactly once, with as much context
/// as the window has. `prefix` stands before the first token.
std::vector<engine::ScoreRequest> rolling_windows(const std::vector<engine::TokenId>& ids, engine::TokenId prefix,
                                                  std::uint32_t context_length);

}  // namespace harness::model
