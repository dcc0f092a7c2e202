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

/// Kind of a task, as in its file.
enum class TaskKind { Choice, Continuation, Generate, Rolling };
std::string_view to_string(TaskKind kind);  ///< "choice", "continuation", "generate", "rolling"
std::optional<TaskKind> task_kind_from(std::string_view text);

enum class Role { System, User, Assistant };
std::string_view to_string(Role role);  ///< "system", "user", "assistant"

struct Message {
    Role role = Role::User;
    std::string content;
};

/// A conversation that the model continues. The last turn is the user's.
struct Prompt {
    std::vector<Message> turns;
    /// Number of bytes at the end of the last turn that are the question itself. Cutting the prompt on the left only
    /// loses few-shot examples unless the cut is within these bytes.
    std::size_t question_bytes = 0;
};

/// The prompt for a model without a chat format: the turns' contents, separated by blank lines.
std::string plain_text(std::span<const Message> turns);

/// Asks for the score of one of several choices after the prompt.
struct ChoiceRequest {
    Prompt prompt;
    std::string continuation;
    /// Number of bytes at the start of `continuation` that separate question and answer in running text. Dropped after
    /// a chat prompt, which has its own end.
    std::size_t delimiter_bytes = 0;
};

/// Asks for the score of one text after the prompt.
struct ContinuationRequest {
    Prompt prompt;
    std::string continuation;
};

struct GenerateRequest {
    Prompt prompt;
    std::vector<std::string> until = {};  ///< stop strings
    std::uint32_t max_tokens = 256;
    std::uint32_t sample = 0;               ///< index among several samples of the same prompt
    std::optional<float> temperature = {};  ///< set by the task; overrides the command line
    std::optional<float> top_p = {};        ///< likewise
};

/// Asks for the score of a whole document, every token once.
struct RollingRequest {
    std::string text;
};

using Request = std::variant<ChoiceRequest, ContinuationRequest, GenerateRequest, RollingRequest>;

/// Name of a request in the store and in exports: "choice" (also for continuations), "generate" or "rolling".
std::string_view kind_name(const Request& request);
/// nullptr for a rolling request, which has no prompt.
const Prompt* prompt_of(const Request& request);
/// The text to score; empty for a generation.
const std::string& scored_text(const Request& request);

/// A rendered document: its requests and the reference for grading.
struct Item {
    std::size_t doc = 0;   ///< index in the split, from 0
    std::string document;  ///< the row as compact JSON, with fields added by the task
    /// The data set's row as compact JSON, with keys in the order of the file; empty when several documents are made of
    /// the row.
    std::string original = {};
    std::vector<Request> requests = {};

    std::vector<std::size_t> correct = {};  ///< choice: indices of the correct choices, ascending
    std::vector<std::string> choices = {};  ///< choice: texts without the delimiter, for length normalisation

    /// generate: the reference answer, a JSON list of several, or the identity of the grader's data
    std::string reference = {};
    /// generate: all accepted answers. Empty: only `reference`, unless `unanswerable`
    std::vector<std::string> references = {};
    bool unanswerable = false;  ///< generate: no answer is correct

    std::uint64_t words = 0;  ///< rolling: words of the original page
    std::uint64_t bytes = 0;  ///< rolling: bytes of the original page

    /// The correct answer as a string for the store: "0,2" for choices, else `reference`.
    std::string target() const;
};

/// A model's answer to one request.
struct Response {
    double logprob = 0;                       ///< log-probability of the scored text
    bool greedy = false;                      ///< every token of the scored continuation is the most likely one
    std::string output;                       ///< generate: the raw output
    std::optional<bool> truncated = {};       ///< the prompt was cut on the left; nullopt: unknown
    std::optional<bool> length_limited = {};  ///< generate: stopped by `max_tokens`; nullopt: unknown
};

}  // namespace suites
