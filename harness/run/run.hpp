#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::run {

/// Which ids stand before a text (evaluation-profile): the tokenizer's own default, or none.
enum class BosProfile { ModelDefault, None };

struct RunOptions {
    std::string data_dir;
    std::optional<std::size_t> limit;
    std::optional<std::uint32_t> fewshot;
    std::uint64_t seed = 1234;
    BosProfile bos = BosProfile::ModelDefault;
    std::size_t batch_items = 0;  ///< items per transaction; 0: chosen
    std::uint64_t sampling_seed = 1;
    float temperature = 0.0F;
    float top_p = 1.0F;
    std::uint32_t top_k = 0;
    bool chat = false;         ///< put every prompt into the Llama 2 chat format
    std::string system_prompt; ///< chat only
};

struct Progress {
    std::string task;
    std::uint64_t items_done = 0;   ///< over the whole run, those found in the store included
    std::uint64_t items_total = 0;
    std::uint64_t items_new = 0;    ///< computed by this call
};

struct Outcome {
    std::int64_t run = 0;
    std::uint64_t items = 0;
    std::uint64_t computed_items = 0;
    std::uint64_t errors = 0;
};

/// Plans (hash of model, tasks, settings, rendered requests), executes what the store does not hold, and
/// marks the run finished. Call again with the same arguments to go on after a kill.
Outcome execute(engine::LanguageModel& model, const std::string& variant, const std::vector<suites::Task>& tasks,
                const RunOptions& options, const suites::Graders& graders, store::RunStore& store,
                const std::function<void(const Progress&)>& on_progress);

/// Pair encoding: trailing whitespace of the context moves to the continuation, the continuation's ids are
/// those of the whole text after the context's own length; an empty context becomes BOS. Truncated on the
/// left to `context_length`.
engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context,
                                 const std::string& continuation, BosProfile bos, std::uint32_t context_length);

/// Windows of a rolling log-likelihood: every token of `ids` is predicted exactly once, with as much context
/// as the window has. `prefix` stands before the first token.
std::vector<engine::ScoreRequest> rolling_windows(const std::vector<engine::TokenId>& ids, engine::TokenId prefix,
                                                  std::uint32_t context_length);

}  // namespace harness::run
