#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace suites {

/// What a task asks of a model, as its file says.
enum class TaskKind { Choice, Continuation, Generate, Rolling };
std::string_view to_string(TaskKind kind);  ///< "choice", "continuation", "generate", "rolling"
std::optional<TaskKind> task_kind_from(std::string_view text);

enum class Role { System, User, Assistant };

struct Message {
    Role role = Role::User;
    std::string content;
};

/// A conversation up to the answer that is asked for. The last turn is the user's.
struct Prompt {
    std::vector<Message> turns;
    /// Bytes at the end of the last turn that are the question itself. Cutting the prompt on the left within them
    /// changes what is asked; cutting before them loses few-shot examples only.
    std::size_t question_bytes = 0;
};

/// The turns for a model without a chat format: their contents with a blank line between.
std::string plain_text(std::span<const Message> turns);

/// Score one of several choices after the prompt.
struct ChoiceRequest {
    Prompt prompt;
    std::string continuation;
    /// Bytes at the start of `continuation` that separate question and answer in running text; a chat prompt has an end
    /// of its own instead.
    std::size_t delimiter_bytes = 0;
};

/// Score one text after the prompt.
struct ContinuationRequest {
    Prompt prompt;
    std::string continuation;
};

struct GenerateRequest {
    Prompt prompt;
    std::vector<std::string> until = {};  ///< stop strings
    std::uint32_t max_tokens = 256;
    std::uint32_t sample = 0;               ///< which of several samples of the same prompt
    std::optional<float> temperature = {};  ///< set by the task, before the command line's
    std::optional<float> top_p = {};        ///< likewise
};

/// Score a whole document, every token once.
struct RollingRequest {
    std::string text;
};

using Request = std::variant<ChoiceRequest, ContinuationRequest, GenerateRequest, RollingRequest>;

/// "choice", "generate" or "rolling": what the store and exports call a request. Both kinds of scored continuations are
/// "choice" there.
std::string_view kind_name(const Request& request);
/// nullptr for a rolling request, which has no prompt.
const Prompt* prompt_of(const Request& request);
/// The text that is scored; empty for a generation.
const std::string& scored_text(const Request& request);

/// A rendered document: what is asked, and what the answer is graded against.
struct Item {
    std::size_t doc = 0;   ///< index in the split, 0-based
    std::string document;  ///< the row as compact JSON, with what the task added to it
    /// The row as the data set has it, as compact JSON with the keys in the order of the file; a row of which several
    /// documents are made has none of its own, and this is empty.
    std::string original = {};
    std::vector<Request> requests = {};

    std::vector<std::size_t> correct = {};  ///< choice: indices of the correct ones, ascending
    std::vector<std::string> choices = {};  ///< choice: text without the delimiter, for normalising

    /// generate: the reference answer, or a JSON list of several, or which data the grader reads
    std::string reference = {};
    /// generate: every accepted answer. Empty: `reference` is the one, unless `unanswerable`
    std::vector<std::string> references = {};
    bool unanswerable = false;  ///< generate: no answer is correct

    std::uint64_t words = 0;  ///< rolling: of the original page
    std::uint64_t bytes = 0;  ///< rolling: of the original page

    /// What is correct as one text, as the store has it: "0,2" for choices, else `reference`.
    std::string target() const;
};

/// What a model answered to one request.
struct Response {
    double logprob = 0;                       ///< of a scored text
    bool greedy = false;                      ///< of a scored continuation: each token was the most likely
    std::string output;                       ///< generate, raw
    std::optional<bool> truncated = {};       ///< the prompt was cut on the left; none: not known
    std::optional<bool> length_limited = {};  ///< generate: stopped by `max_tokens`; none: not known
};

}  // namespace suites
