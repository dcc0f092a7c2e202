// gpu_bench [--kernels gpu|gpu-dot|gpu-matrix] [--device NAME] [--rows N] [--columns N] [TYPE...]: the matrix kernels
// for GPUs beside the device's own ceilings, measured in one process, as rows of a Markdown table. Decode: one token,
// weights from memory, read bandwidth; prefill: 512 tokens, multiply-adds. Weights are random bits: the speed does not
// depend on them.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/bench/device_ceilings.hpp"
#include "engine/bench/measure.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "engine/vulkan/uploader.hpp"
#include "random_halves.hpp"

namespace {

using engine::Kernels;
using engine::Numerics;
using engine::formats::TensorType;
using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Contents;
using engine::vulkan::Home;
using engine::vulkan::Texels;

const std::map<std::string, Kernels> kKernels = {
    {"gpu", Kernels::Gpu}, {"gpu-dot", Kernels::GpuDot}, {"gpu-matrix", Kernels::GpuMatrix}};

struct Options {
    Kernels kernels = Kernels::Gpu;
    std::string device;
    std::uint32_t rows = 11008;
    std::uint32_t columns = 4096;
    std::uint32_t tokens = 512;
    std::vector<std::string> types;
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.rfind("--", 0) != 0) {
            options.types.push_back(word);
            continue;
        }
        if (++i == argc) throw engine::EngineError(engine::EngineError::Kind::Input, word + " needs a value");
        const auto number = static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10));
        if (word == "--kernels" && kKernels.contains(argv[i]))
            options.kernels = kKernels.at(argv[i]);
        else if (word == "--device")
            options.device = argv[i];
        else if (word == "--rows")
            options.rows = number;
        else if (word == "--columns")
            options.columns = number;
        else if (word == "--tokens")
            options.tokens = number;
        else
            throw engine::EngineError(engine::EngineError::Kind::Input, word + " " + argv[i] + " is not understood");
    }
    if (options.columns % 256 != 0 || options.columns == 0 || options.rows == 0 || options.tokens == 0)
        throw engine::EngineError(engine::EngineError::Kind::Input,
                                  "--columns must be a multiple of 256, --rows and --tokens more than 0");
    return options;
}

class Bench {
public:
    explicit Bench(const Options& options)
        : options_(options),
          device_(options.device, options.kernels),
          numerics_(options.kernels == Kernels::Gpu ? Numerics::Exact : Numerics::Fast),
          ceilings_(engine::bench::measure_ceilings(device_, numerics_)),
          recorder_(device_, {device_.info().subgroup_size, 1, 1}) {}

    void print_head() const {
        fmt::print("{}, {}, numerics {}: ceilings {:.1f} GB/s read, {:.2f} TFLOP/s\n\n", device_.info().name,
                   device_.info().driver, device_.kernels().numerics_id(numerics_),
                   ceilings_.read_bytes_per_second * 1e-9, ceilings_.flop_per_second * 1e-12);
        fmt::print("| type | decode GB/s | of read | prefill TFLOP/s | of peak |\n|---|---|---|---|---|\n");
    }

    void measure(TensorType type) {
        const engine::llama::DeviceLayout& layout = engine::llama::device_layout(type);
        const std::uint32_t lanes = device_.info().subgroup_size;
        const std::uint32_t group = lanes * engine::shaders::kRowGroupsMany;
        const std::uint32_t rows = (options_.rows + group - 1) / group * group;
        const std::uint32_t blocks = options_.columns / engine::llama::kBlockValues;
        const std::size_t bytes = std::size_t{rows} * layout.row_units(blocks) * engine::llama::kUnitBytes;
        if (numerics_ == Numerics::Fast &&
            arithmetic_for(device_.kernels(), numerics_, type) == engine::shaders::FastArithmetic::None)
            return;  // exact in both numerics
        const auto plan = [&](std::uint32_t tokens) {
            return engine::shaders::plan_matmul(device_.kernels(), numerics_,
                                                {.type = type, .tokens = tokens, .rows = rows, .lanes = lanes});
        };
        // Larger than the last-level cache, in several buffers.
        std::vector<Buffer> pool;
        std::mt19937 random(1);
        for (std::size_t total = 0; total < kPoolMatrices * bytes; total += bytes) {
            const Buffer& matrix = pool.emplace_back(device_, bytes, Texels::Uint4, Contents::Undefined, Home::Device);
            upload<std::uint32_t>(matrix, [&] { return bench::random_halves(random); });
        }
        const Buffer x(device_, std::size_t{options_.tokens} * blocks * 128, Texels::None, Contents::Undefined,
                       Home::Device);
        upload<float>(x, [] { return 0.5F; });
        const Buffer y(device_, std::size_t{options_.tokens} * rows * 4, Texels::None, Contents::Zeros, Home::Device);
        const auto queue = [&](const Buffer& weights, std::uint32_t tokens) {
            const engine::shaders::MatmulPush push = {
                .blocks = blocks, .rows = rows, .tokens = tokens, .y_stride = rows, .y_offset = 0, .accumulate = 0};
            recorder_.dispatch(*plan(tokens).program, {&weights, &x, &y}, push, plan(tokens).grid.x,
                               plan(tokens).grid.y);
        };
        const double decode = engine::bench::median_seconds([&] {
            for (const Buffer& weights : pool) queue(weights, 1);
            recorder_.submit_and_wait();
        });
        const double prefill = engine::bench::median_seconds([&] {
            queue(pool[0], options_.tokens);
            recorder_.submit_and_wait();
        });
        const double rate = static_cast<double>(bytes * pool.size()) / decode;
        const double flop = 2.0 * rows * options_.columns * options_.tokens / prefill;
        fmt::print("| {} | {:.2f} | {:.1f}% | {:.3f} | {:.1f}% |\n", engine::formats::layout_of(type).name, rate * 1e-9,
                   rate / ceilings_.read_bytes_per_second * 100, flop * 1e-12, flop / ceilings_.flop_per_second * 100);
        std::fflush(stdout);
    }

private:
    static constexpr std::size_t kPoolMatrices = 4;

    /// Fills a buffer with values from `make`.
    template <class Value, class Make>
    void upload(const Buffer& buffer, const Make& make) {
        engine::vulkan::Uploader uploader(device_);
        uploader.fill(buffer, sizeof(Value), [&](std::size_t /*offset*/, std::span<std::byte> piece) {
            const std::span values(reinterpret_cast<Value*>(piece.data()), piece.size() / sizeof(Value));
            for (Value& value : values) value = make();
        });
        uploader.finish();
    }

    const Options& options_;
    engine::shaders::Device device_;
    Numerics numerics_;
    engine::bench::Ceilings ceilings_;
    engine::shaders::Recorder recorder_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse(argc, argv);
        Bench bench(options);
        bench.print_head();
        for (const engine::formats::TensorLayout* layout : engine::formats::layouts()) {
            const std::string name(layout->name);
            const bool wanted = std::find(options.types.begin(), options.types.end(), name) != options.types.end();
            if (wanted || options.types.empty()) bench.measure(layout->type);
        }
    } catch (const engine::EngineError& error) {
        fmt::print(stderr, "gpu_bench: {}\n", error.what());
        return error.kind() == engine::EngineError::Kind::Input ? 2 : 3;
    }
}
