#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "tests/engine/kernel_families.hpp"

namespace {

using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

std::uint32_t groups(std::uint32_t count, std::uint32_t size) {
    return (count + size - 1) / size;
}

struct Fixture {
    explicit Fixture(engine::Kernels kernels) : device("", kernels) {}

    engine::shaders::Device device;
    std::uint32_t lanes = device.info().subgroup_size;
    engine::shaders::Recorder recorder{device, {lanes, 1, 1}};
    std::mt19937 generator{11};

    float random() { return static_cast<float>(static_cast<int>(generator() % 4001) - 2000) / 500.0F; }

    void fill(const Buffer& buffer) {
        for (float& value : buffer.as<float>()) value = random();
    }

    void check_rms_norm() {
        for (const std::uint32_t width : {4U, 28U, 36U, 64U, 172U, 1100U}) {
            CAPTURE(width);
            constexpr std::uint32_t kRows = 3;
            const Buffer x(device, std::size_t{kRows} * width * 4, Texels::Float4);
            const Buffer weight(device, std::size_t{width} * 4, Texels::Float4);
            const Buffer rows(device, std::size_t{kRows} * 4, Texels::None);
            const Buffer y(device, std::size_t{kRows} * width * 4, Texels::None);
            fill(x);
            fill(weight);
            const std::vector<std::uint32_t> order = {2, 0, 1};  // rows may be gathered
            std::copy(order.begin(), order.end(), rows.as<std::uint32_t>().begin());
            recorder.dispatch(Kernel::RmsNorm, {&x, &weight, &rows, &y},
                              engine::shaders::NormPush{.units = width / 4, .width = width, .epsilon = 1e-5F}, kRows);
            recorder.submit_and_wait();
            double worst = 0;
            for (std::size_t row = 0; row < kRows; ++row) {
                const auto source = x.as<const float>().subspan(std::size_t{order[row]} * width, width);
                double squares = 0;
                for (const float value : source) squares += double{value} * double{value};
                for (std::size_t i = 0; i < width; ++i) {
                    const double expected =
                        double{source[i]} / std::sqrt(squares / width + 1e-5) * double{weight.as<const float>()[i]};
                    worst = std::max(worst, std::abs(expected - double{y.as<const float>()[row * width + i]}));
                }
            }
            CHECK(worst < 1e-5);
        }
    }

    void check_silu_multiply() {
        constexpr std::uint32_t kWidth = 44;  // values; more units than a subgroup of 8 has lanes
        constexpr std::uint32_t kUpOffset = 48;
        constexpr std::uint32_t kStride = 100;
        constexpr std::uint32_t kTokens = 3;
        const Buffer x(device, std::size_t{kTokens} * kStride * 4, Texels::Float4);
        const Buffer y(device, std::size_t{kTokens + 1} * kWidth * 4, Texels::None);
        fill(x);
        recorder.dispatch(
            Kernel::SiluMultiply, {&x, &y},
            engine::shaders::SiluPush{.units = kWidth / 4, .stride = kStride / 4, .up_offset = kUpOffset / 4},
            groups(kWidth / 4, lanes), kTokens);
        recorder.submit_and_wait();
        for (std::size_t t = 0; t <= kTokens; ++t) {
            for (std::size_t i = 0; i < kWidth; ++i) {
                const double g = t < kTokens ? double{x.as<const float>()[t * kStride + i]} : 0;
                const double expected =
                    t < kTokens ? g / (1 + std::exp(-g)) * double{x.as<const float>()[t * kStride + kUpOffset + i]} : 0;
                CHECK(std::abs(expected - double{y.as<const float>()[t * kWidth + i]}) < 2e-5);
            }
        }
    }

    void check_stores_in_8_bits() {
        constexpr std::uint32_t kRows = 3;
        constexpr std::uint32_t kHeads = 3;
        constexpr std::uint32_t kWidth = kHeads * 64;  // of a row: six blocks, two of a head
        engine::shaders::Recorder heads_of_64{device, {lanes, 16, groups(16, lanes)}};
        const Buffer x(device, std::size_t{kRows} * kWidth * 8, Texels::Float4);
        const Buffer weight(device, std::size_t{kWidth} * 4, Texels::Float4);
        const Buffer values(device, std::size_t{kRows} * kWidth * 4, Texels::Float4);
        const Buffer rows(device, std::size_t{kRows} * 4, Texels::None);
        const Buffer tokens(device, std::size_t{kRows} * 16, Texels::None);
        for (const Buffer* buffer : {&x, &weight, &values}) fill(*buffer);
        for (float& value : x.as<float>().first(32)) value = 0;  // a block without a largest value
        for (std::uint32_t row = 0; row < kRows; ++row) {
            rows.as<std::uint32_t>()[row] = row;
            // Position and tile of one token; the table of all begins at row 0.
            tokens.as<engine::shaders::TokenPlace>()[row] = {row, 0, 0, row * engine::shaders::kTileCount + 1};
        }
        const auto run = [&](Kernel kernel, const Buffer& y) {
            const bool is_norm = kernel == Kernel::RmsNorm || kernel == Kernel::RmsNorm8Bits;
            const bool is_silu = kernel == Kernel::SiluMultiply || kernel == Kernel::SiluMultiply8Bits;
            if (is_norm) {
                heads_of_64.dispatch(kernel, {&x, &weight, &rows, &y},
                                     engine::shaders::NormPush{.units = kWidth / 4, .width = kWidth, .epsilon = 1e-5F},
                                     kRows);
            } else if (is_silu) {
                heads_of_64.dispatch(
                    kernel, {&x, &y},
                    engine::shaders::SiluPush{.units = kWidth / 4, .stride = kWidth / 2, .up_offset = kWidth / 4},
                    groups(kWidth / 4, lanes), kRows);
            } else {
                heads_of_64.dispatch(kernel, {&x, &values, &values, &tokens, &rows, &y},
                                     engine::shaders::AttentionPush{.heads = kHeads,
                                                                    .kv_heads = kHeads,
                                                                    .head_dim = 64,
                                                                    .out_stride = kWidth,
                                                                    .scale = 0.125F,
                                                                    .tokens = kRows,
                                                                    .tile_tokens = 1,
                                                                    .tile_heads = 1,
                                                                    .chunks = 1},
                                     kHeads, kRows);
            }
        };
        for (const Kernel plain : {Kernel::RmsNorm, Kernel::SiluMultiply, Kernel::Attention, Kernel::AttentionOne}) {
            CAPTURE(std::string(engine::shaders::program(plain, device.kernels()).name));
            check_same_bits(heads_of_64, plain, kRows, kWidth, run);
        }
    }

    /// The variant of a kernel that stores 8 bits gives the same bits as the kernel followed by quantise. `run` records
    /// a kernel that gives `height` rows of `width` values.
    void check_same_bits(engine::shaders::Recorder& recording, Kernel plain, std::uint32_t height, std::uint32_t width,
                         const std::function<void(Kernel, const Buffer&)>& run) {
        const std::uint32_t blocks = width / 32;
        const Buffer y(device, std::size_t{height} * width * 4, Texels::Float4);
        const Buffer expected(device, std::size_t{height} * blocks * 80, Texels::Uint4);
        const Buffer stored(device, std::size_t{height} * blocks * 80, Texels::Uint4);
        run(plain, y);
        recording.dispatch(Kernel::Quantise, {&y, &expected}, engine::shaders::QuantisePush{.blocks = blocks},
                           groups(blocks * 8, lanes), height);
        run(engine::shaders::in_8_bits(plain), stored);
        recording.submit_and_wait();
        const auto a = expected.as<const std::uint32_t>();
        const auto b = stored.as<const std::uint32_t>();
        CHECK(std::equal(a.begin(), a.end(), b.begin()));
        CHECK(std::any_of(a.begin(), a.end(), [](std::uint32_t word) { return word != 0; }));
    }

    void check_logit_statistics() {
        for (const std::uint32_t vocab : {1U, 7U, 8U, 9U, 255U, 512U, 1001U}) {
            CAPTURE(vocab);
            constexpr std::uint32_t kRows = 2;
            const std::uint32_t stride = (vocab + 3) / 4 * 4;
            const Buffer logits(device, std::size_t{kRows} * stride * 4, Texels::None);
            const Buffer statistics(device, std::size_t{kRows} * 16, Texels::None);
            fill(logits);
            const std::span<float> values = logits.as<float>();
            for (std::uint32_t row = 0; row < kRows; ++row)  // the space between rows has no logits
                std::fill_n(&values[std::size_t{row} * stride] + vocab, stride - vocab, 99.0F);
            if (vocab > 8)
                values[stride + 7] = values[stride + 3] = 9.0F;  // a tie in the second row, in different lanes
            recorder.dispatch(Kernel::LogitStatistics, {&logits, &statistics},
                              engine::shaders::LogitsPush{.vocab = vocab, .count = kRows, .stride = stride}, kRows);
            recorder.submit_and_wait();
            for (std::size_t row = 0; row < kRows; ++row) {
                check_statistics_of_row(values.subspan(row * stride, vocab),
                                        statistics.as<const float>().subspan(row * 4, 4));
            }
        }
    }

    /// The result is the largest logit of the row, the sum of exp(logit - largest) and the largest one's place.
    static void check_statistics_of_row(std::span<const float> line, std::span<const float> result) {
        const auto best = std::max_element(line.begin(), line.end());  // the first of equal ones
        double sum = 0;
        for (const float value : line) sum += std::exp(double{value} - double{*best});
        CHECK(result[0] == *best);
        CHECK(std::abs(std::log(double{result[1]}) - std::log(sum)) < 1e-5);
        CHECK(std::bit_cast<std::uint32_t>(result[2]) == static_cast<std::uint32_t>(best - line.begin()));
    }
};

}  // namespace

TEST_SUITE("engine.kernels") {
    TEST_CASE("rms_norm matches a double-precision reference at widths off the subgroup size") {
        kernel_families::for_each([](engine::Kernels kernels) { Fixture(kernels).check_rms_norm(); });
    }

    TEST_CASE("silu_multiply matches a double-precision reference and writes only to its rows") {
        kernel_families::for_each([](engine::Kernels kernels) { Fixture(kernels).check_silu_multiply(); });
    }

    TEST_CASE("a kernel that stores 8 bits gives the same bits as its f32 variant followed by quantise") {
        Fixture(engine::Kernels::Software).check_stores_in_8_bits();
    }

    TEST_CASE("logit statistics give the log of the sum and the lowest id of equal maxima") {
        kernel_families::for_each([](engine::Kernels kernels) { Fixture(kernels).check_logit_statistics(); });
    }
}
