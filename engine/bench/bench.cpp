#include "engine/bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "engine/bench/device_ceilings.hpp"
#include "engine/bench/measure.hpp"
#include "engine/bench/scoring_bench.hpp"
#include "engine/llama/forward.hpp"
#include "engine/vulkan/machine_memory.hpp"

namespace engine::bench {
namespace {

using llama::Batch;
using llama::Forward;

using Clock = std::chrono::steady_clock;

/// A forward pass to measure.
struct Work {
    bool prefill = true;
    std::uint32_t sequences = 1;
    std::uint32_t tokens = 1;  // of all sequences together
    std::uint32_t cached = 0;

    std::string name() const {
        return prefill ? fmt::format("prefill of {} tokens after {}", tokens, cached)
                       : fmt::format("decode of {} sequences after {}", sequences, cached);
    }
};

/// The forward passes to measure that fit the model, shortest contexts first.
std::vector<Work> works(const Forward& forward, const BenchParts& parts) {
    const std::uint32_t context = forward.shape().context;
    std::vector<Work> wanted;
    if (parts.prefill) {
        for (const std::uint32_t tokens : {16U, 64U, 256U, 512U}) wanted.push_back({true, 1, tokens, 0});
        for (const std::uint32_t cached : {1024U, context - std::min(context, 64U)})
            wanted.push_back({true, 1, 64, cached});
    }
    if (parts.decode) {
        const std::uint32_t few = std::min(128U, context - 1);
        for (const std::uint32_t sequences : {1U, 8U, 32U}) wanted.push_back({false, sequences, sequences, few});
        for (const std::uint32_t cached : {1024U, context - 1})
            for (const std::uint32_t sequences : {1U, 8U}) wanted.push_back({false, sequences, sequences, cached});
    }
    std::vector<Work> found;
    for (const Work& work : wanted) {
        const std::uint32_t longest = work.cached + (work.prefill ? work.tokens : 1);
        const bool same =
            std::any_of(found.begin(), found.end(), [&work](const Work& other) { return other.name() == work.name(); });
        // Each sequence of a decode batch has a table of its own.
        const std::uint64_t table_rows = std::uint64_t{work.sequences} * (work.cached + 1) + work.tokens;
        if (!same && longest <= context && work.tokens <= forward.batch_tokens() &&
            work.cached + work.tokens <= forward.cache_rows() && table_rows <= forward.table_rows())
            found.push_back(work);
    }
    return found;
}

class Bench {
public:
    Bench(Forward& forward, const ModelCard& card) : forward_(forward), card_(card) {}

    /// The cached rows before the first token are not filled: the time of a forward pass does not depend on their
    /// values.
    BenchRow measure(const Work& work, Before before) const {
        Batch batch;
        std::vector<std::uint32_t> wanted;  // tokens whose logits are needed
        for (std::uint32_t t = 0; t < work.tokens; ++t) {
            const auto table = static_cast<std::uint32_t>(work.prefill ? 0 : batch.rows.size());
            if (t == 0 || !work.prefill) {
                batch.rows.resize(batch.rows.size() + work.cached);
                std::iota(batch.rows.end() - work.cached, batch.rows.end(), 0U);
            }
            // The ids are arbitrary: they do not change the time of a forward pass.
            const auto id = static_cast<TokenId>((t * 7 + 3) % card_.vocab);
            batch.tokens.push_back({id, work.cached + (work.prefill ? t : 0), table});
            batch.rows.push_back(work.cached + t);
            if (!work.prefill || t + 1 == work.tokens) wanted.push_back(t);
        }
        const double seconds = median_seconds(
            [&] {
                forward_.run(batch);
                forward_.statistics(wanted);
            },
            before);
        return row(work, seconds);
    }

private:
    BenchRow row(const Work& work, double seconds) const {
        const formats::Hyperparameters& shape = forward_.shape();
        const double tokens = work.tokens;
        // Query and output are dim x dim, key and value dim x kv_dim, and three matrices are dim x ffn.
        const double layer =
            static_cast<double>(shape.dim) * (2.0 * shape.dim + 2.0 * shape.kv_dim() + 3.0 * shape.ffn);
        BenchRow row;
        row.work = work.prefill ? "prefill" : "decode";
        row.sequences = work.sequences;
        row.tokens = work.tokens;
        row.cached = work.cached;
        row.mean_positions = work.cached + (work.prefill ? (tokens + 1) / 2 : 1);
        row.seconds = seconds;
        row.tokens_per_second = tokens / seconds;
        // Keys and values are f32, of every layer.
        row.bytes =
            static_cast<double>(card_.weight_bytes) + (work.cached + tokens) * 2 * 4 * shape.kv_dim() * shape.layers;
        const double logit_rows = work.prefill ? 1 : tokens;
        row.flop = 2 * (tokens * layer * shape.layers + logit_rows * shape.dim * shape.vocab) +
                   tokens * 4 * row.mean_positions * shape.dim * shape.layers;
        row.bytes_per_second = row.bytes / seconds;
        row.flop_per_second = row.flop / seconds;
        return row;
    }

    Forward& forward_;
    const ModelCard& card_;
};

ModelCard card_of(const formats::ModelFile& file, const Forward& forward) {
    ModelCard card;
    card.name = file.name();
    card.vocab = forward.shape().vocab;
    card.device = forward.device().info().name + ", " + forward.device().info().driver;
    card.numerics = forward.numerics_id();
    card.context_length = forward.shape().context;
    for (const formats::TensorInfo& tensor : file.tensors()) {
        // The embedding table is excluded, since a token reads only one row, unless it is also the output matrix.
        const bool table = tensor.name == "token_embd.weight" && file.find("output.weight") != nullptr;
        if (!table) card.weight_bytes += tensor.size_bytes;
        card.parameters += tensor.columns() * tensor.rows();
    }
    return card;
}

/// Measures the memory that a model takes, starting before it is opened.
class MemoryWatch {
public:
    /// Keeps the maximum over all calls.
    void look(const Forward& forward, MemoryCheck& check) const {
        const vulkan::ProcessMemory now = vulkan::process_memory();
        check.resident_bytes = std::max(check.resident_bytes, now.resident_bytes);
        const DeviceInfo& device = forward.device().info();
        const std::uint64_t free = forward.device().available_bytes();
        const std::uint64_t taken = device.type == "CPU"
                                        ? now.anonymous_bytes - std::min(now.anonymous_bytes, before_)
                                        : device.available_bytes - std::min(device.available_bytes, free);
        check.measured_bytes = std::max(check.measured_bytes, taken);
    }

private:
    std::uint64_t before_ = vulkan::process_memory().anonymous_bytes;
};

std::optional<GrowthFit> growth_of(const std::vector<BenchRow>& rows) {
    std::vector<GrowthSample> samples;
    for (const BenchRow& row : rows) {
        if (row.work == "prefill")
            samples.push_back({static_cast<double>(row.tokens), row.tokens * row.mean_positions, row.seconds});
    }
    return fit_growth(samples);
}

}  // namespace

BenchResult run_bench(const std::string& path, const EngineOptions& options, const BenchParts& parts,
                      const BenchProgress& progress) {
    BenchResult result;
    const MemoryWatch watch;
    const Clock::time_point start = Clock::now();
    const auto file = formats::open_model_file(path);
    Forward forward(*file, options);
    result.open_seconds = seconds_since(start);
    const Clock::time_point opened = Clock::now();
    // The first pass compiles the kernels for one token.
    Batch one;
    one.tokens.push_back({1, 0, 0});
    one.rows.push_back(0);
    forward.run(one);
    const std::uint32_t first = 0;
    forward.statistics({&first, 1});
    result.first_token_seconds = seconds_since(opened);
    result.card = card_of(*file, forward);
    result.memory.plan = forward.memory();

    const std::vector<Work> rows = works(forward, parts);
    const std::uint64_t total = rows.size() + 1 + (parts.scoring ? 1 : 0);
    progress("ceilings", 0, total);
    result.ceilings = measure_ceilings(forward.device(), options.numerics);
    watch.look(forward, result.memory);
    std::optional<NativeProbe> probe;
    if (forward.device().info().type == "CPU") {
        probe.emplace();
        result.native.push_back(probe->measure());
    }
    const Bench bench(forward, result.card);
    for (const Work& work : rows) {
        progress(work.name(), result.rows.size() + 1, total);
        const bool same = !result.rows.empty() && (result.rows.back().work == "prefill") == work.prefill;
        BenchRow row = bench.measure(work, same ? Before::SameKind : Before::Nothing);
        double read_ceiling = result.ceilings.read_bytes_per_second;
        double flop_ceiling = result.ceilings.flop_per_second;
        if (probe) {
            // A pass before and one after each row, since rates drift within minutes.
            const NativeCeilings before = result.native.back();
            result.native.push_back(probe->measure());
            const NativeCeilings meanwhile = higher(before, result.native.back());
            read_ceiling = meanwhile.read_bytes_per_second;
            flop_ceiling = meanwhile.flop_per_second;
        }
        row.read_share = row.bytes_per_second / read_ceiling;
        row.flop_share = row.flop_per_second / flop_ceiling;
        result.rows.push_back(row);
    }
    probe.reset();  // must not count as the model's memory
    if (parts.scoring) {
        progress("questions with shared few-shot examples", total - 1, total);
        result.scoring = measure_scoring(forward);
    }
    watch.look(forward, result.memory);
    progress("done", total, total);

    result.growth = growth_of(result.rows);
    return result;
}

}  // namespace engine::bench
