#include "engine/bench.hpp"

#include <algorithm>
#include <chrono>

#include "engine/llama/forward.hpp"

namespace engine {
namespace {

using llama::Forward;
using scheduler::Batch;

constexpr std::size_t kPasses = 5;
constexpr std::uint32_t kReadBytes = 128U << 20;  // larger than the last-level cache of the usual machine
constexpr std::uint32_t kReadGroups = 2048;
constexpr std::uint32_t kArithmeticGroups = 256;
constexpr std::uint32_t kArithmeticSteps = 2000;
constexpr double kArithmeticPerStep = 16 * 12 * 2;

/// Median seconds of several passes of `work`, after one that is not counted.
template <class Work>
double median_seconds(const Work& work) {
    work();
    std::vector<double> seconds;
    for (std::size_t pass = 0; pass < kPasses; ++pass) {
        const auto start = std::chrono::steady_clock::now();
        work();
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(seconds.begin(), seconds.begin() + kPasses / 2, seconds.end());
    return seconds[kPasses / 2];
}

Ceilings measure_ceilings(const vulkan::Device& device) {
    const std::uint32_t lanes = device.info().subgroup_size;
    vulkan::Recorder recorder(device, {lanes, 1, 1});
    const std::uint32_t steps = kReadBytes / (kReadGroups * 4 * lanes * 16);
    const vulkan::Buffer source(device, std::size_t{steps} * kReadGroups * 4 * lanes * 16, vulkan::Texels::Uint4);
    const vulkan::Buffer sink(device, std::size_t{kReadGroups} * lanes * 4, vulkan::Texels::None);
    const double read = median_seconds([&] {
        recorder.dispatch(shaders::Kernel::ReadCeiling, {&source, &sink}, shaders::CeilingPush{.steps = steps}, kReadGroups);
        recorder.submit_and_wait();
    });
    const double arithmetic = median_seconds([&] {
        recorder.dispatch(shaders::Kernel::ArithmeticCeiling, {&sink}, shaders::CeilingPush{.steps = kArithmeticSteps}, kArithmeticGroups);
        recorder.submit_and_wait();
    });
    return {static_cast<double>(source.size_bytes()) / read, kArithmeticPerStep * kArithmeticSteps * kArithmeticGroups * lanes / arithmetic};
}

class Bench {
public:
    Bench(Forward& forward, const ModelCard& card, const Ceilings& ceilings) : forward_(forward), card_(card), ceilings_(ceilings) {}

    /// One forward of a single prompt, with the last token's logits.
    BenchRow prefill(std::uint32_t tokens) const {
        Batch batch;
        for (std::uint32_t p = 0; p < tokens; ++p) add(batch, p, p, 0, p);
        const std::uint32_t last = tokens - 1;
        const double seconds = median_seconds([&] {
            forward_.run(batch);
            forward_.statistics({&last, 1});
        });
        return row("prefill", 1, tokens, seconds, tokens, tokens, (tokens + 1) / 2.0);
    }

    /// One step of `sequences` sequences that have `cached` tokens each.
    BenchRow decode(std::uint32_t sequences, std::uint32_t cached) const {
        const std::uint32_t rows = cached + 1;
        for (std::uint32_t s = 0; s < sequences; ++s) {
            Batch batch;
            for (std::uint32_t p = 0; p < cached; ++p) {
                add(batch, p, p, 0, s * rows + p);
                if (batch.tokens.size() < forward_.batch_tokens() && p + 1 < cached) continue;
                forward_.run(batch);
                batch.tokens.clear();
            }
        }
        Batch step;
        std::vector<std::uint32_t> wanted;
        for (std::uint32_t s = 0; s < sequences; ++s) {
            wanted.push_back(s);
            for (std::uint32_t p = 0; p < cached; ++p) step.rows.push_back(s * rows + p);
            add(step, s, cached, s * rows, s * rows + cached);
        }
        const double seconds = median_seconds([&] {
            forward_.run(step);
            forward_.statistics(wanted);
        });
        return row("decode", sequences, cached, seconds, sequences, static_cast<double>(rows) * sequences, rows);
    }

private:
    /// A token whose cache row goes to the end of the table that starts at `table`.
    void add(Batch& batch, std::uint32_t index, std::uint32_t position, std::uint32_t table, std::uint32_t row) const {
        batch.tokens.push_back({id(index), position, table});
        batch.rows.push_back(row);
    }

    TokenId id(std::uint32_t index) const { return static_cast<TokenId>((index * 7 + 3) % card_.vocab); }

    /// `cache_rows`: rows of keys and values read; `mean_context`: positions that a token attends to, on average.
    BenchRow row(const char* work, std::uint32_t sequences, std::uint32_t shown, double seconds, double tokens, double cache_rows,
                 double mean_context) const {
        const llama::Hyperparameters& shape = forward_.shape();
        const double layer = static_cast<double>(shape.dim) * (2.0 * shape.dim + 2.0 * shape.kv_dim() + 3.0 * shape.ffn);
        const double heads = work == std::string("prefill") ? 1 : tokens;  // rows of logits
        const double flop = 2 * (tokens * layer * shape.layers + heads * shape.dim * shape.vocab) + tokens * 4 * mean_context * shape.dim * shape.layers;
        const double bytes = static_cast<double>(card_.weight_bytes) + cache_rows * 2 * 4 * shape.kv_dim() * shape.layers;
        BenchRow result{work, sequences, shown, tokens / seconds, bytes / seconds, flop / seconds, 0, 0};
        result.read_share = result.bytes_per_second / ceilings_.read_bytes_per_second;
        result.flop_share = result.flop_per_second / ceilings_.flop_per_second;
        return result;
    }

    Forward& forward_;
    const ModelCard& card_;
    Ceilings ceilings_;
};

}  // namespace

BenchResult run_bench(const std::string& path, const EngineOptions& options) {
    BenchResult result;
    const formats::Gguf file(path);
    Forward forward(file, options);
    result.card.name = file.text("general.name").value_or("");
    result.card.vocab = forward.shape().vocab;
    result.card.device = forward.device().info().name + ", " + forward.device().info().driver;
    result.card.context_length = forward.shape().context;
    for (const formats::TensorInfo& tensor : file.tensors()) {
        // Of the embedding table a token reads one row, unless it is the output matrix too.
        const bool table = tensor.name == "token_embd.weight" && file.find("output.weight") != nullptr;
        if (!table) result.card.weight_bytes += tensor.size_bytes;
        result.card.parameters += tensor.columns() * tensor.rows();
    }
    result.ceilings = measure_ceilings(forward.device());
    const Bench bench(forward, result.card, result.ceilings);
    for (const std::uint32_t tokens : {16U, 128U, 512U}) {
        if (tokens <= std::min(forward.batch_tokens(), forward.shape().context)) result.rows.push_back(bench.prefill(tokens));
    }
    for (const std::uint32_t sequences : {1U, 8U, 32U}) {
        const std::uint32_t cached = std::min(128U, forward.shape().context - 1);
        if (sequences * (cached + 1) <= forward.cache_rows()) result.rows.push_back(bench.decode(sequences, cached));
    }
    return result;
}

}  // namespace engine
