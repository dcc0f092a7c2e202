// matmul_bench [TYPE...]: every matrix kernel beside the processor's own ceilings, measured in turn in one process.
// Decode: one token, weights from memory, read bandwidth; prefill: 128 tokens, multiply-adds. Weights are random bits:
// the speed does not depend on them.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "engine/bench/measure.hpp"
#include "engine/bench/native_ceilings.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "random_halves.hpp"

namespace {

using engine::formats::TensorType;
using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

constexpr std::uint32_t kColumns = 2048;
constexpr std::uint32_t kRows = 5632;
constexpr std::uint32_t kTokens = 128;
constexpr std::size_t kPoolBytes = 192U << 20;  // larger than the last-level cache

void measure(const engine::shaders::Device& device, engine::shaders::Recorder& recorder,
             engine::bench::NativeProbe& probe, TensorType type, engine::Numerics numerics) {
    const engine::llama::DeviceLayout& layout = engine::llama::device_layout(type);
    const bool fast = numerics == engine::Numerics::Fast;
    if (fast && arithmetic_for(device.kernels(), numerics, type) == engine::shaders::FastArithmetic::None) return;
    const std::uint32_t lanes = device.info().subgroup_size;
    const std::uint32_t blocks = kColumns / 32;
    const std::size_t bytes = std::size_t{kRows} * layout.row_units(blocks) * engine::llama::kUnitBytes;
    std::vector<Buffer> pool;
    std::mt19937 random(1);
    for (std::size_t total = 0; total < kPoolBytes; total += bytes) {
        pool.emplace_back(device, bytes, Texels::Uint4);
        for (std::uint32_t& word : pool.back().as<std::uint32_t>()) word = bench::random_halves(random);
    }
    const Buffer x(device, std::size_t{kTokens} * blocks * 128, fast ? Texels::Uint4 : Texels::Float4);
    for (float& value : x.as<float>()) value = 0.5F;
    const Buffer y(device, std::size_t{kTokens} * kRows * 4, Texels::None);
    const auto plan = [&](std::uint32_t tokens) {
        return engine::shaders::plan_matmul(device.kernels(), numerics,
                                            {.type = type, .tokens = tokens, .rows = kRows, .lanes = lanes});
    };
    const auto queue = [&](const Buffer& weights, std::uint32_t tokens) {
        const engine::shaders::MatmulPush push = {
            .blocks = blocks, .rows = kRows, .tokens = tokens, .y_stride = kRows, .y_offset = 0, .accumulate = 0};
        recorder.dispatch(*plan(tokens).program, {&weights, &x, &y}, push, plan(tokens).grid.x, plan(tokens).grid.y);
    };
    const engine::bench::NativeCeilings before = probe.measure();
    const double decode = engine::bench::median_seconds([&] {
        for (const Buffer& weights : pool) queue(weights, 1);
        recorder.submit_and_wait();
    });
    const double prefill = engine::bench::median_seconds([&] {
        queue(pool[0], kTokens);
        recorder.submit_and_wait();
    });
    const engine::bench::NativeCeilings ceilings = higher(before, probe.measure());
    const double rate = static_cast<double>(bytes * pool.size()) / decode;
    const double flop = 2.0 * kRows * kColumns * kTokens / prefill;
    fmt::print("{:<7} {:<6} {:>8.2f} {:>7.1f}% {:>10.1f} {:>7.1f}%\n", engine::formats::layout_of(type).name,
               fast ? "fast" : "exact", rate * 1e-9, rate / ceilings.read_bytes_per_second * 100, flop * 1e-9,
               flop / ceilings.flop_per_second * 100);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const engine::shaders::Device device("", engine::Kernels::Software);
    engine::shaders::Recorder recorder(device, {device.info().subgroup_size, 1, 1});
    engine::bench::NativeProbe probe;
    const engine::bench::NativeCeilings ceilings = probe.measure();
    fmt::print("{}; processor: {} threads, {:.1f} GB/s read, {:.1f} GFLOP/s multiply-add\n", device.info().name,
               ceilings.threads, ceilings.read_bytes_per_second * 1e-9, ceilings.flop_per_second * 1e-9);
    fmt::print("{:<7} {:<6} {:>8} {:>8} {:>10} {:>8}\n", "type", "sums", "GB/s", "of read", "GFLOP/s", "of peak");
    for (const engine::formats::TensorLayout* layout : engine::formats::layouts()) {
        const std::string name(layout->name);
        if (argc > 1 && std::find(argv + 1, argv + argc, name) == argv + argc) continue;
        measure(device, recorder, probe, layout->type, engine::Numerics::Exact);
        measure(device, recorder, probe, layout->type, engine::Numerics::Fast);
    }
}
