#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/chat.hpp"
#include "engine/language_model.hpp"
#include "suites/request.hpp"

namespace harness::model {

/// Which ids are put before a text: the tokenizer's own default, or none.
enum class BosProfile { ModelDefault, None };

/// The engine's name of a role.
engine::Role role_of(suites::Role role);

/// Token ids of a prompt. A text that begins with "<s>" gets no second BOS, as with lm-evaluation-harness's tokenizer.
std::vector<engine::TokenId> encode_text(const engine::Tokenizer& tokenizer, const std::string& text, BosProfile bos);

/// Pair encoding as in lm-evaluation-harness: trailing whitespace of the context (by Python's definition) moves to the
/// continuation; the continuation's ids are those of the joined text after the context's length; an empty context
/// becomes BOS. Truncated on the left to `context_length`. `cut`, when given, receives the number of context tokens
/// lost.
engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context,
                                 const std::string& continuation, BosProfile bos, std::uint32_t context_length,
                                 std::size_t* cut = nullptr);

/// Pair encoding after a dialogue in a chat format; never truncated.
engine::ScoreRequest encode_chat_pair(engine::ChatFormat format, const engine::Tokenizer& tokenizer,
                                      std::span<const engine::Message> messages, const std::string& continuation);

/// Windows of a rolling log-likelihood: every token of `ids` is predicted exactly once, with as much context as fits
/// into the window. `prefix` precedes the first token.
std::vector<engine::ScoreRequest> rolling_windows(const std::vector<engine::TokenId>& ids, engine::TokenId prefix,
                                                  std::uint32_t context_length);

}  // namespace harness::model
