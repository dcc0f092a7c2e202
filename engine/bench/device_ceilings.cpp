#include "engine/bench/device_ceilings.hpp"

#include "engine/bench/measure.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"

namespace engine::bench {
namespace {

using shaders::FastArithmetic;
using shaders::Kernel;
using vulkan::Buffer;
using vulkan::Contents;
using vulkan::Home;
using vulkan::Texels;

constexpr std::uint32_t kReadBytes = 128U << 20;  // larger than the last-level cache of usual machines
constexpr std::uint32_t kReadGroups = 2048;
// Enough work to make the time to start a dispatch negligible.
constexpr std::uint32_t kArithmeticGroups = 256;
constexpr std::uint32_t kArithmeticSteps = 2000;
// Operations of one iteration of the loop in arithmetic_ceiling.comp.
constexpr double kArithmeticPerStep = 16 * 12 * 2;
constexpr std::uint32_t kMatrixGroups = 1024;
constexpr std::uint32_t kMatrixSteps = 100;
constexpr double kMatrixPerStep = 16 * 8 * 2.0 * shaders::kMatrixSide * shaders::kMatrixSide * shaders::kMatrixSide;

double matrix_rate(const shaders::Device& device, shaders::Recorder& recorder) {
    const std::uint32_t threads = device.info().subgroup_size * shaders::kMatrixSubgroups;
    const Buffer sink(device, std::size_t{kMatrixGroups} * threads * 4, Texels::None, Contents::Zeros, Home::Device);
    const double seconds = median_seconds([&] {
        const shaders::MatmulPush push = {
            .blocks = kMatrixSteps, .rows = 0, .tokens = 0, .y_stride = 0, .y_offset = 0, .accumulate = 0};
        recorder.dispatch(Kernel::MatrixCeiling, {&sink, &sink, &sink}, push, kMatrixGroups);
        recorder.submit_and_wait();
    });
    return kMatrixPerStep * kMatrixSteps * kMatrixGroups * shaders::kMatrixSubgroups / seconds;
}

}  // namespace

Ceilings measure_ceilings(const shaders::Device& device, Numerics numerics) {
    const std::uint32_t width = shaders::ceiling_width(device.kernels(), device.info().subgroup_size);
    shaders::Recorder recorder(device, {device.info().subgroup_size, 1, 1});
    const std::uint32_t steps = kReadBytes / (kReadGroups * 4 * width * 16);
    const Buffer source(device, std::size_t{steps} * kReadGroups * 4 * width * 16, Texels::Uint4, Contents::Zeros,
                        Home::Device);
    const Buffer sink(device, std::size_t{kReadGroups} * width * 4, Texels::None, Contents::Zeros, Home::Device);
    const double read = median_seconds([&] {
        recorder.dispatch(Kernel::ReadCeiling, {&source, &sink}, shaders::CeilingPush{.steps = steps}, kReadGroups);
        recorder.submit_and_wait();
    });
    Ceilings ceilings;
    ceilings.read_bytes_per_second = static_cast<double>(source.size_bytes()) / read;
    const FastArithmetic fast = device.kernels().fast;
    // The rate of emulated matrices is meaningless.
    if (numerics == Numerics::Fast && is_matrix(fast) && fast != FastArithmetic::MatrixEmulated) {
        ceilings.flop_per_second = matrix_rate(device, recorder);
        return ceilings;
    }
    const double arithmetic = median_seconds([&] {
        recorder.dispatch(Kernel::ArithmeticCeiling, {&sink}, shaders::CeilingPush{.steps = kArithmeticSteps},
                          kArithmeticGroups);
        recorder.submit_and_wait();
    });
    ceilings.flop_per_second = kArithmeticPerStep * kArithmeticSteps * kArithmeticGroups * width / arithmetic;
    return ceilings;
}

}  // namespace engine::bench
