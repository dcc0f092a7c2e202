#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/bench/growth_fit.hpp"
#include "engine/bench/native_ceilings.hpp"
#include "engine/language_model.hpp"
#include "engine/memory_use.hpp"

namespace engine::bench {

/// Peak rates of the device, measured with kernels that only read or only multiply.
struct Ceilings {
    double read_bytes_per_second = 0;  ///< Streaming read of a buffer larger than the caches.
    double flop_per_second = 0;  ///< Multiply-adds in registers, two operations each: f32, or f16 on matrix units.
};

/// Measured rates of one kind of forward pass.
struct BenchRow {
    std::string work;             ///< "prefill": tokens of one prompt; "decode": one token of each sequence.
    std::uint32_t sequences = 1;  ///< Sequences in the batch.
    std::uint32_t tokens = 0;     ///< Tokens in the batch, all sequences together.
    std::uint32_t cached = 0;     ///< Tokens in the KV cache before the first of each sequence, shared by all.
    double mean_positions = 0;    ///< Positions that a token attends to, on average.
    double seconds = 0;           ///< Time of one forward pass, logits included; for a prefill, to the first token.
    double tokens_per_second = 0;
    double bytes = 0;  ///< Weights and KV cache, each read once.
    double flop = 0;   ///< Multiply-adds of matrices and attention, two operations each.
    double bytes_per_second = 0;
    double flop_per_second = 0;
    double read_share = 0;  ///< bytes_per_second / its ceiling; on a software device, the processor's ceiling.
    double flop_share = 0;  ///< flop_per_second / its ceiling, likewise.
};

/// Rates of the scheduler for few-shot questions, each with several choices of one token.
struct ScoringRates {
    std::uint32_t shared_tokens = 0;    ///< Tokens of the few-shot examples, the same for all questions.
    std::uint32_t question_tokens = 0;  ///< Tokens of one question without the examples.
    std::uint32_t choices = 0;          ///< Choices of a question.
    std::uint32_t questions = 0;        ///< Questions asked; the time includes computing the examples once.
    double questions_per_second = 0;
    double questions_per_second_alone = 0;  ///< Without prefix reuse: every choice computes its whole context.
    double tokens_per_question = 0;         ///< Tokens that went through the network.
    double tokens_per_question_alone = 0;   ///< The same without prefix reuse.

    double ratio() const { return questions_per_second / questions_per_second_alone; }
};

/// Planned memory beside the memory that was used while the model ran.
struct MemoryCheck {
    MemoryUse plan;
    /// Software device: growth of the process's anonymous memory since before the model was opened. Other devices:
    /// decrease of the device's free memory. 0: the driver does not report it.
    std::uint64_t measured_bytes = 0;
    std::uint64_t resident_bytes = 0;  ///< Of the process, including mapped pages of the model file.

    double ratio() const { return static_cast<double>(measured_bytes) / static_cast<double>(plan.total_bytes); }
};

struct BenchResult {
    ModelCard card;
    Ceilings ceilings;
    std::vector<NativeCeilings> native;  ///< The processor's, before and after each row; software devices only.
    double open_seconds = 0;             ///< Time to open the model.
    double first_token_seconds = 0;      ///< Time of the first forward pass after that, which compiles kernels.
    MemoryCheck memory;
    std::vector<BenchRow> rows;
    std::optional<GrowthFit> growth;  ///< Fitted to the prefill rows.
    std::optional<ScoringRates> scoring;
};

/// What to measure.
struct BenchParts {
    bool prefill = true;
    bool decode = true;
    bool scoring = true;
};
/// Called before each measurement with its description, the number done and the total number.
using BenchProgress = std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>;

/// Measures the ceilings and the model alternately in one process, so that their ratio is valid on a machine whose
/// speed drifts. Each rate is the median of several passes after a warm-up; scoring is one pass of each kind. Throws
/// EngineError.
BenchResult run_bench(const std::string& path, const EngineOptions& options, const BenchParts& parts,
                      const BenchProgress& progress);

}  // namespace engine::bench
