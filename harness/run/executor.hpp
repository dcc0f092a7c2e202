#pragma once

#include <vector>

#include "engine/chat.hpp"
#include "harness/run/execute.hpp"

namespace harness::run {

/// Asks the model about items of one task and makes rows of its answers.
class Executor {
public:
    /// All must outlive the executor.
    Executor(engine::LanguageModel& model, const suites::Task& task, const RunOptions& options,
             const suites::Grader& grader, CodeGrader* code)
        : model_(model), task_(task), options_(options), grader_(grader), code_(code) {}

    /// One row per item, in their order. An item that the model rejects is a row with an error; one whose program was
    /// not judged has no row. Throws EngineError (Device, Stopped).
    std::vector<store::ItemRow> answer(const std::vector<const suites::Item*>& items);
    /// Why items have no rows, one line for each.
    const std::vector<std::string>& not_judged() const { return not_judged_; }

private:
    struct Batch;

    std::vector<store::ItemRow> ask(const std::vector<const suites::Item*>& items);
    /// Scores into each row; rows of items that were not judged are taken away. responses[i] belongs to items[i].
    void grade(const std::vector<const suites::Item*>& items,
               const std::vector<std::vector<suites::Response>>& responses, std::vector<store::ItemRow>& rows);
    void encode(const suites::Item& item, const suites::Request& request, Batch& batch) const;
    void encode_continuation(const suites::Prompt& prompt, const std::string& continuation, Batch& batch) const;
    void encode_generate(const suites::Item& item, const suites::GenerateRequest& request, Batch& batch) const;
    void encode_rolling(const suites::RollingRequest& request, Batch& batch) const;
    /// What is stored of a request before its answer is known.
    store::RequestRow row_of(const suites::Request& request) const;
    /// Prompt and continuation as they are asked, in the chat format if need be.
    std::string shown_prompt(const suites::Prompt& prompt) const;
    std::string shown_continuation(const suites::Request& request) const;
    std::vector<engine::Message> messages(const suites::Prompt& prompt) const;
    /// A turn's text after the policy for marks of chat formats in it. Throws EngineError (Input).
    std::string checked_text(const std::string& text) const;
    bool asks_chat() const { return options_.chat || task_.chat(); }
    /// A model without a chat format is asked in plain text, like for other tasks.
    bool chat() const { return asks_chat() && options_.chat_format != engine::ChatFormat::Plain; }
    /// A prompt that stays plain text; in chat behind the system prompt, if there is one.
    std::string plain_prompt(const suites::Prompt& prompt) const;
    /// Throws EngineError (Input) when `cut` tokens on the left of a prompt reach into the question.
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
