#pragma once

#include <vector>

#include "engine/chat.hpp"
#include "harness/run/execute.hpp"

namespace harness::run {

/// Runs items of one task through the model and makes rows of its answers.
class Executor {
public:
    /// All arguments must outlive the executor.
    Executor(engine::LanguageModel& model, const suites::Task& task, const RunOptions& options,
             const suites::Grader& grader, CodeGrader* code)
        : model_(model), task_(task), options_(options), grader_(grader), code_(code) {}

    /// One row per item, in order. An item that the model rejects gives a row with an error; an item whose program has
    /// no verdict gives no row. Throws EngineError (Device, Stopped).
    std::vector<store::ItemRow> answer(const std::vector<const suites::Item*>& items);
    /// Why items have no row, one line each.
    const std::vector<std::string>& not_judged() const { return not_judged_; }

private:
    struct Batch;

    std::vector<store::ItemRow> ask(const std::vector<const suites::Item*>& items);
    /// Adds scores to the rows; removes rows of items whose program has no verdict. responses[i] belongs to items[i].
    void grade(const std::vector<const suites::Item*>& items,
               const std::vector<std::vector<suites::Response>>& responses, std::vector<store::ItemRow>& rows);
    void encode(const suites::Item& item, const suites::Request& request, Batch& batch) const;
    void encode_continuation(const suites::Prompt& prompt, const std::string& continuation, Batch& batch) const;
    void encode_generate(const suites::Item& item, const suites::GenerateRequest& request, Batch& batch) const;
    void encode_rolling(const suites::RollingRequest& request, Batch& batch) const;
    /// The stored row of a request, without its answer.
    store::RequestRow row_of(const suites::Request& request) const;
    /// Prompt and continuation as the model gets them, in the chat format if it is used.
    std::string shown_prompt(const suites::Prompt& prompt) const;
    std::string shown_continuation(const suites::Request& request) const;
    /// A chat prompt's turns, with the command line's system prompt in place of the task's if there is one.
    std::vector<suites::Message> turns(const suites::Prompt& prompt) const;
    std::vector<engine::Message> messages(const suites::Prompt& prompt) const;
    /// A turn's text after the policy for chat-format marks is applied. Throws EngineError (Input).
    std::string checked_text(const std::string& text) const;
    bool asks_chat() const { return options_.chat || task_.chat(); }
    /// A model without a chat format gets plain text, also for chat tasks.
    bool chat() const { return asks_chat() && options_.chat_format != engine::ChatFormat::Plain; }
    /// A prompt as plain text; in chat, after the system prompt if there is one.
    std::string plain_prompt(const suites::Prompt& prompt) const;
    /// Throws EngineError (Input) when cutting `cut` tokens on the left of a prompt would cut the question.
    void check_cut(const suites::Prompt& prompt, std::size_t cut) const;
    /// Throws EngineError (Input) for a prompt above --max-prompt-tokens.
    void check_prompt_limit(std::size_t tokens) const;

    engine::LanguageModel& model_;
    const suites::Task& task_;
    const RunOptions& options_;
    const suites::Grader& grader_;
    CodeGrader* code_;  ///< nullptr: programs are not run
    std::vector<std::string> not_judged_;
};

}  // namespace harness::run
