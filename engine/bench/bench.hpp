#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/bench/growth_fit.hpp"
#include "engine/language_model.hpp"
#include "engine/memory_use.hpp"
#include "engine/bench/native_ceilings.hpp"

namespace engine::bench {

/// What the device itself can do, measured by kernels that do nothing else.
struct Ceilings {
    double read_bytes_per_second = 0;  ///< streaming read of a buffer larger than the caches
    double flop_per_second = 0;  ///< multiply-adds in registers, two operations each: f32, or halves on matrix units
};

/// One kind of forward, with what it implies.
struct BenchRow {
    std::string work;             ///< "prefill": tokens of one prompt; "decode": one token of each sequence
    std::uint32_t sequences = 1;  ///< in the batch
    std::uint32_t tokens = 0;     ///< of all sequences that go through the network
    std::uint32_t cached = 0;     ///< tokens in the cache before each sequence's first, shared by the sequences
    double mean_positions = 0;    ///< that a token attends to
    double seconds = 0;           ///< of a forward with the logits that it is for; of a prompt: until its first token
    double tokens_per_second = 0;
    double bytes = 0;  ///< weights and KV cache that must be read at least once a forward
    double flop = 0;   ///< multiply-adds of the matrices and of attention, two operations each
    double bytes_per_second = 0;
    double flop_per_second = 0;
    double read_share = 0;  ///< bytes_per_second / the ceiling: on a software device the processor's own meanwhile
    double flop_share = 0;  ///< flop_per_second / the ceiling, likewise
};

/// Questions behind the same examples, each with a few choices of one token, through the scheduler.
struct ScoringRates {
    std::uint32_t shared_tokens = 0;    ///< of the examples
    std::uint32_t question_tokens = 0;  ///< of a question alone
    std::uint32_t choices = 0;          ///< of a question
    std::uint32_t questions = 0;        ///< behind the same examples, which are computed within the time
    double questions_per_second = 0;
    double questions_per_second_alone = 0;  ///< without reuse: every choice computes its whole context
    double tokens_per_question = 0;         ///< that went through the network
    double tokens_per_question_alone = 0;

    double ratio() const { return questions_per_second / questions_per_second_alone; }
};

/// What the plan says against what was taken while the model was open and worked.
struct MemoryCheck {
    MemoryUse plan;
    /// Software device: the process's anonymous memory beyond what it had before the model was opened. Others: what the
    /// device has less free. 0: the driver does not say.
    std::uint64_t measured_bytes = 0;
    std::uint64_t resident_bytes = 0;  ///< of the process, with the pages of the model file that the system may drop

    double ratio() const { return static_cast<double>(measured_bytes) / static_cast<double>(plan.total_bytes); }
};

struct BenchResult {
    ModelCard card;
    Ceilings ceilings;
    std::vector<NativeCeilings> native;  ///< of the processor, around each row; only for a software device
    double open_seconds = 0;             ///< from the file's name to a model that can begin
    double first_token_seconds = 0;      ///< then, the first forward of one token: kernels are compiled in it
    MemoryCheck memory;
    std::vector<BenchRow> rows;
    std::optional<GrowthFit> growth;  ///< of the prefill rows
    std::optional<ScoringRates> scoring;
};

/// What to measure.
struct BenchParts {
    bool prefill = true;
    bool decode = true;
    bool scoring = true;
};
/// Told before each measurement: what it is, how many are done, of how many.
using BenchProgress = std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>;

/// Measures the ceilings and the model in turn, in one process, so that their ratio holds on a machine whose speed
/// drifts. Each rate is the median of several passes after a warm-up; scoring is one pass of each kind. Throws
/// EngineError.
BenchResult run_bench(const std::string& path, const EngineOptions& options, const BenchParts& parts,
                      const BenchProgress& progress);

}  // namespace engine::bench
