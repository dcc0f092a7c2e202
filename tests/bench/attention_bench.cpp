// attention_bench: the attention kernels of software devices for heads as in TinyLlama 1.1B and in Llama 2 7B and 70B,
// beside the processor's own peak, measured in turn in one process: a prompt of 128 tokens, and single tokens of 16
// sequences.

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/bench/measure.hpp"
#include "engine/bench/native_ceilings.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"

namespace {

using engine::shaders::TokenPlace;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

struct Shape {
    const char* name;
    std::uint32_t heads, kv_heads, head_dim;
};

Buffer filled(const engine::shaders::Device& device, std::size_t floats) {
    Buffer buffer(device, floats * 4, Texels::Float4);
    std::uint32_t n = 0;
    for (float& value : buffer.as<float>()) value = static_cast<float>(n++ % 7) * 0.25F - 0.75F;
    return buffer;
}

/// Measures the last `each` tokens of `sequences` sequences of `positions` tokens, whose cache rows are contiguous.
void measure(const engine::shaders::Device& device, engine::bench::NativeProbe& probe, const Shape& shape,
             std::uint32_t sequences, std::uint32_t each, std::uint32_t positions) {
    const std::uint32_t lanes = device.info().subgroup_size;
    const std::uint32_t units = shape.head_dim / 4;
    const std::uint32_t width = shape.heads * shape.head_dim;
    const std::uint32_t count = sequences * each;
    engine::shaders::Recorder recorder(device, {lanes, units, (units + lanes - 1) / lanes});
    const Buffer q = filled(device, std::size_t{count} * width);
    const std::size_t cache = std::size_t{sequences} * positions * shape.kv_heads * shape.head_dim;
    const Buffer k = filled(device, cache);
    const Buffer v = filled(device, cache);
    const Buffer y(device, std::size_t{count} * width * 4, Texels::None);
    const Buffer tokens(device, std::size_t{count} * sizeof(TokenPlace), Texels::None);
    const Buffer rows(device, std::size_t{sequences} * positions * 4, Texels::None);
    std::uint32_t row = 0;
    for (std::uint32_t& at : rows.as<std::uint32_t>().first(std::size_t{sequences} * positions)) at = row++;
    const std::span<TokenPlace> places = tokens.as<TokenPlace>().first(count);
    double seen = 0;
    for (std::uint32_t t = 0; t < count; ++t) {
        const std::uint32_t position = positions - each + t % each;
        places[t] = {.position = position, .table = t / each * positions};
        seen += position + 1;
    }
    const auto plan = engine::shaders::plan_attention(device.kernels(), {shape.heads, shape.kv_heads, units}, places);
    const engine::shaders::AttentionPush push{.heads = shape.heads,
                                              .kv_heads = shape.kv_heads,
                                              .head_dim = shape.head_dim,
                                              .out_stride = width,
                                              .scale = 0.125F,
                                              .tokens = count,
                                              .tile_tokens = plan.tile_tokens,
                                              .tile_heads = plan.tile_heads,
                                              .chunks = plan.chunks};
    const int times = std::max(2, static_cast<int>(2e7 / (seen * shape.heads)));  // repetitions: long enough to time
    const engine::bench::NativeCeilings before = probe.measure();
    const double seconds = engine::bench::median_seconds([&] {
        for (int i = 0; i < times; ++i)
            recorder.dispatch(plan.kernel, {&q, &k, &v, &tokens, &rows, &y}, push, plan.grid.x, plan.grid.y);
        recorder.submit_and_wait();
    });
    const double queries = seen * shape.heads * times;
    const double flop = queries * shape.head_dim * 4;
    fmt::print("{:<14} {:>9} {:>6} {:>9} {:>15.2f} {:>9.1f} {:>7.1f}%\n", shape.name, sequences, each, positions,
               seconds / queries * 1e9, flop / seconds * 1e-9,
               flop / seconds / higher(before, probe.measure()).flop_per_second * 100);
    std::fflush(stdout);
}

}  // namespace

int main() {
    const engine::shaders::Device device("", engine::Kernels::Software);
    engine::bench::NativeProbe probe;
    const engine::bench::NativeCeilings ceilings = probe.measure();
    fmt::print("{}; processor: {} threads, {:.1f} GFLOP/s multiply-add\n", device.info().name, ceilings.threads,
               ceilings.flop_per_second * 1e-9);
    fmt::print("{:<14} {:>9} {:>6} {:>9} {:>15} {:>9} {:>8}\n", "heads", "sequences", "tokens", "positions",
               "ns per position", "GFLOP/s", "of peak");
    for (const Shape& shape :
         {Shape{"TinyLlama 1.1B", 32, 4, 64}, Shape{"7B", 32, 32, 128}, Shape{"70B", 64, 8, 128}}) {
        for (const std::uint32_t positions : {128U, 1024U}) {
            measure(device, probe, shape, 1, 128, positions);
            measure(device, probe, shape, 16, 1, positions);
        }
    }
}
