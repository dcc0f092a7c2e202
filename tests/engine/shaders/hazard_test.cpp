#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "engine/llama/device_layout.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/random_weights.hpp"

// Known errors and differences of software drivers: loops that end early, sizes beyond a limit, denormals, ties, and
// the extremes of small integers.

namespace {

using engine::formats::TensorLayout;
using engine::formats::TensorType;
using engine::llama::DeviceLayout;
using engine::shaders::Kernel;
using engine::shaders::TokenPlace;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

/// The types with kernels for activations in 8 bits.
std::vector<TensorType> quantised_types() {
    std::vector<TensorType> types;
    for (const TensorLayout* layout : engine::formats::layouts()) {
        if (layout->quants != nullptr) types.push_back(layout->type);
    }
    return types;
}

/// The largest numbers that a model file may have (llama/hyperparameters.cpp).
constexpr std::uint32_t kMostVocab = 1 << 20;
constexpr std::uint32_t kMostContext = 1 << 20;
constexpr std::uint32_t kMostColumns = 1 << 18;
constexpr std::uint32_t kMostWidth = 1 << 16;

struct Device {
    explicit Device(engine::Kernels kernels) : device("", kernels) {}

    Buffer buffer(std::size_t bytes, Texels texels = Texels::None) const { return {device, bytes, texels}; }

    engine::shaders::Device device;
    std::uint32_t lanes = device.info().subgroup_size;
    std::uint32_t rows = lanes * engine::shaders::kRowGroupsMany;  // of one workgroup
    engine::shaders::Recorder recorder{device, {lanes, 1, 1}};

    struct Product {
        TensorType type;
        std::uint32_t blocks;
        std::uint32_t tokens;
    };
    /// y[tokens, rows] = W x.
    void multiply(engine::Numerics numerics, const Product& product, const Buffer& w, const Buffer& x,
                  const Buffer& y) {
        const auto [type, blocks, tokens] = product;
        const auto plan = engine::shaders::plan_matmul(device.kernels(), numerics,
                                                       {.type = type, .tokens = tokens, .rows = rows, .lanes = lanes});
        const Buffer quantised = buffer(plan.reads_8_bits ? x.size_bytes() / 128 * 80 : 16, Texels::Uint4);
        if (plan.reads_8_bits)
            recorder.dispatch(Kernel::Quantise, {&x, &quantised}, engine::shaders::QuantisePush{.blocks = blocks},
                              (blocks * 8 + lanes - 1) / lanes, tokens);
        recorder.dispatch(
            *plan.program, {&w, plan.reads_8_bits ? &quantised : &x, &y},
            engine::shaders::MatmulPush{
                .blocks = blocks, .rows = rows, .tokens = tokens, .y_stride = rows, .y_offset = 0, .accumulate = 0},
            plan.grid.x, plan.grid.y);
        recorder.submit_and_wait();
    }

    /// Rows of a file in device order. `bytes`: of all rows, one after the other.
    Buffer arranged(const DeviceLayout& layout, std::span<const std::uint8_t> bytes, std::uint32_t blocks) const {
        const std::uint32_t units = layout.row_units(blocks);
        Buffer result(device, std::size_t{rows} * units * 16, Texels::Uint4);
        const std::size_t row_bytes = bytes.size() / rows;
        std::vector<std::byte> row(std::size_t{units} * 16);
        for (std::size_t r = 0; r < rows; ++r) {
            std::fill(row.begin(), row.end(), std::byte{0});
            layout.arrange_row(std::as_bytes(bytes).subspan(r * row_bytes, row_bytes), blocks, row);
            for (std::size_t unit = 0; unit < units; ++unit) {
                std::copy_n(&row[unit * 16], 16,
                            &result.as<std::byte>()[((r / lanes * units + unit) * lanes + r % lanes) * 16]);
            }
        }
        return result;
    }
};

/// One-hot activations of `columns` values: token k is 1 at value k.
void fill_one_hot(const Buffer& x, std::size_t columns) {
    std::ranges::fill(x.as<float>(), 0.0F);
    for (std::size_t k = 0; k < columns; ++k) x.as<float>()[k * columns + k] = 1;
}

/// The weights of `bytes` as the kernels see them must be those that the file reader gives, for many tokens and for
/// one.
void check_every_weight(Device& device, TensorType type, std::span<const std::uint8_t> bytes, std::uint32_t columns) {
    const TensorLayout& file = engine::formats::layout_of(type);
    CAPTURE(std::string(file.name));
    const DeviceLayout& layout = engine::llama::device_layout(type);
    const std::uint32_t blocks = columns / 32;
    std::vector<float> expected(std::size_t{device.rows} * columns);
    file.unpack(std::as_bytes(bytes), expected);
    const Buffer w = device.arranged(layout, bytes, blocks);
    const Buffer x = device.buffer(std::size_t{columns} * columns * 4, Texels::Float4);
    fill_one_hot(x, columns);
    const Buffer y = device.buffer(std::size_t{columns} * device.rows * 4);
    device.multiply(engine::Numerics::Exact, {type, blocks, columns}, w, x, y);
    std::size_t different = 0;
    for (std::size_t k = 0; k < columns; ++k) {
        for (std::size_t r = 0; r < device.rows; ++r)
            different += y.as<const float>()[k * device.rows + r] != expected[r * columns + k];
    }
    CHECK(different == 0);
    const Buffer one_x = device.buffer(std::size_t{columns} * 4, Texels::Float4);
    for (std::size_t k = 0; k < columns; k += columns / 32) {
        std::ranges::fill(one_x.as<float>(), 0.0F);
        one_x.as<float>()[k] = 1;
        device.multiply(engine::Numerics::Exact, {type, blocks, 1}, w, one_x, y);
        for (std::size_t r = 0; r < device.rows; ++r) different += y.as<const float>()[r] != expected[r * columns + k];
    }
    CHECK(different == 0);
}

}  // namespace

TEST_SUITE("engine.hazards") {
    // llvmpipe ends an invocation's loops after 65,534 turns of all of them together, and says nothing.
    TEST_CASE("no loop ends early at the largest sizes that a model file may have") {
        Device device(engine::Kernels::Software);
        SUBCASE("logit statistics") {
            const Buffer logits = device.buffer(std::size_t{2} * kMostVocab * 4);
            const Buffer statistics = device.buffer(32);
            logits.as<float>().back() = 1;
            device.recorder.dispatch(Kernel::LogitStatistics, {&logits, &statistics},
                                     engine::shaders::LogitsPush{.vocab = kMostVocab, .count = 2, .stride = kMostVocab},
                                     2);
            device.recorder.submit_and_wait();
            CHECK(statistics.as<const float>()[1] == kMostVocab);
            CHECK(std::bit_cast<std::uint32_t>(statistics.as<const float>()[2]) == 0);
            CHECK(statistics.as<const float>()[4] == 1);
            CHECK(std::bit_cast<std::uint32_t>(statistics.as<const float>()[6]) == kMostVocab - 1);
        }
        SUBCASE("draws") {
            const std::uint32_t lanes = device.device.info().subgroup_size;
            std::uint32_t vocab = kMostVocab;
            while (!engine::shaders::can_draw(device.device.kernels(), vocab, lanes)) vocab -= 1000;
            const Buffer logits = device.buffer(std::size_t{vocab + 3} / 4 * 16, Texels::Float4);
            const Buffer statistics = device.buffer(16);
            const Buffer draws = device.buffer(sizeof(engine::shaders::DrawRequest));
            const Buffer ids = device.buffer(4);
            // All logits are equal, so every kind of search runs: the token three quarters into the first half.
            draws.as<engine::shaders::DrawRequest>()[0] = {
                .row = 0, .inverse_temperature = 1, .top_p = 0.9F, .top_k = vocab / 2, .share = 0.75F};
            const engine::shaders::LogitsPush push{.vocab = vocab, .count = 1, .stride = (vocab + 3) / 4 * 4};
            device.recorder.dispatch(Kernel::LogitStatistics, {&logits, &statistics}, push, 1);
            device.recorder.dispatch(Kernel::Draw, {&logits, &statistics, &draws, &ids}, push, 1);
            device.recorder.submit_and_wait();
            CHECK(vocab > 200'000);
            CHECK(ids.as<const std::uint32_t>()[0] == vocab / 2 * 3 / 4);
        }
        SUBCASE("attention") {
            const Buffer q = device.buffer(16, Texels::Float4);
            const Buffer keys = device.buffer(std::size_t{kMostContext} * 16, Texels::Float4);
            const Buffer values = device.buffer(std::size_t{kMostContext} * 16, Texels::Float4);
            const Buffer tokens = device.buffer(16);
            const Buffer rows = device.buffer(std::size_t{kMostContext} * 4);
            const Buffer y = device.buffer(16);
            std::iota(rows.as<std::uint32_t>().begin(), rows.as<std::uint32_t>().end(), 0U);
            for (std::size_t p = kMostContext / 2; p < kMostContext; ++p) values.as<float>()[p * 4] = 1;
            const std::span<TokenPlace> places = tokens.as<TokenPlace>();
            places[0] = {.position = kMostContext - 1, .row = kMostContext - 1, .table = 0};
            const auto plan = engine::shaders::plan_attention(device.device.kernels(), {1, 1, 1}, places);
            device.recorder.dispatch(plan.kernel, {&q, &keys, &values, &tokens, &rows, &y},
                                     engine::shaders::AttentionPush{.heads = 1,
                                                                    .kv_heads = 1,
                                                                    .head_dim = 4,
                                                                    .out_stride = 4,
                                                                    .scale = 0.5F,
                                                                    .tokens = 1,
                                                                    .tile_tokens = plan.tile_tokens,
                                                                    .tile_heads = plan.tile_heads,
                                                                    .chunks = 1},
                                     plan.grid.x, plan.grid.y);
            device.recorder.submit_and_wait();
            CHECK(y.as<const float>()[0] == 0.5F);
        }
        SUBCASE("matrices and norms") {
            const Buffer w = device.buffer(std::size_t{device.rows} * kMostColumns * 2, Texels::Uint4);
            std::ranges::fill(w.as<std::uint16_t>(), std::uint16_t{0x3C00});  // 1
            const Buffer x = device.buffer(std::size_t{8} * kMostColumns * 4, Texels::Float4);
            std::ranges::fill(x.as<float>(), 1.0F);
            const Buffer y = device.buffer(std::size_t{8} * device.rows * 4);
            for (const std::uint32_t tokens : {1U, 8U}) {
                device.multiply(engine::Numerics::Exact, {TensorType::F16, kMostColumns / 32, tokens}, w, x, y);
                CHECK(y.as<const float>()[device.rows * tokens - 1] == kMostColumns);
            }
            const Buffer row = device.buffer(4);
            device.recorder.dispatch(
                Kernel::RmsNorm, {&x, &x, &row, &x},
                engine::shaders::NormPush{.units = kMostWidth / 4, .width = kMostWidth, .epsilon = 0.0F}, 1);
            device.recorder.submit_and_wait();
            CHECK(x.as<const float>()[kMostWidth - 1] == 1);
        }
    }

    TEST_CASE("a matrix larger than a storage binding is read to its end") {
        Device device(engine::Kernels::Software);
        constexpr std::uint32_t kColumns = (1 << 20) + 64;
        const std::size_t bytes = std::size_t{device.rows} * kColumns * 4;
        REQUIRE(bytes > device.device.info().max_buffer_range);
        const Buffer w = device.buffer(bytes, Texels::Uint4);
        w.as<float>().back() = 3;
        const Buffer x = device.buffer(std::size_t{kColumns} * 4, Texels::Float4);
        x.as<float>().back() = 2;
        const Buffer y = device.buffer(std::size_t{device.rows} * 4);
        device.multiply(engine::Numerics::Exact, {TensorType::F32, kColumns / 32, 1}, w, x, y);
        CHECK(y.as<const float>().back() == 6);
        CHECK(y.as<const float>().front() == 0);
    }

    TEST_CASE("a buffer that a driver would fail on is refused before it is created") {
        const Device device(engine::Kernels::Software);
        const engine::DeviceInfo& info = device.device.info();
        CHECK_THROWS_AS(device.buffer(info.max_allocation_bytes + 1), engine::EngineError);
        CHECK_THROWS_AS(device.buffer(info.max_texel_elements * 16 + 1, Texels::Uint4), engine::EngineError);
    }

    TEST_CASE("every half and every bfloat16 is multiplied exactly and denormals too") {
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::GpuDot || kernels == engine::Kernels::GpuMatrix) return;  // as Gpu
            Device device(kernels);
            const std::uint32_t columns = 65536 / device.rows;
            std::vector<std::uint16_t> all(65536);
            for (const TensorType type : {TensorType::F16, TensorType::BF16}) {
                std::iota(all.begin(), all.end(), std::uint16_t{0});
                const std::uint16_t exponent = type == TensorType::F16 ? 0x7C00 : 0x7F80;
                for (std::uint16_t& value : all) {
                    if ((value & exponent) == exponent) value = 0;  // infinities would be in every sum of the row
                }
                const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(all.data()), 131072);
                check_every_weight(device, type, bytes, columns);
            }
        });
    }

    TEST_CASE("every bit of a block counts as the file reader says at the extremes of its scales") {
        Device device(engine::Kernels::Software);
        random_weights::Random random(17);
        for (const TensorType type : quantised_types()) {
            const TensorLayout& file = engine::formats::layout_of(type);
            std::vector<std::uint8_t> bytes(std::size_t{device.rows} * 256 / file.block_values * file.block_bytes);
            for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next() >> 20);
            for (std::size_t block = 0; block < bytes.size(); block += file.block_bytes) {
                for (const std::size_t at : random_weights::kScales.find(file.name)->second.offsets) {
                    // Any finite half; one in eight is the smallest denormal, the largest denormal or the largest
                    // value.
                    constexpr std::array<std::uint16_t, 4> kEnds = {0x0001, 0x83FF, 0x7BFF, 0x8000};
                    auto scale = static_cast<std::uint16_t>(random.next() >> 20);
                    if ((scale & 0x7C00) == 0x7C00) scale ^= 0x4000;
                    if (random.next() >> 40 & 1) scale = kEnds.at(random.next() >> 41 & 3);
                    std::memcpy(&bytes[block + at], &scale, 2);
                }
            }
            check_every_weight(device, type, bytes, 256);
        }
    }

    TEST_CASE("the largest quants with the largest activations and ties stay exact in 8 bits") {
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Gpu || kernels == engine::Kernels::GpuMatrix) return;
            Device device(kernels);
            constexpr std::uint32_t kColumns = 512;
            constexpr std::uint32_t kTokens = 8;
            const Buffer x = device.buffer(std::size_t{kTokens} * kColumns * 4, Texels::Float4);
            random_weights::Random random(5);
            for (std::size_t t = 0; t < kTokens; ++t) {
                for (std::size_t k = 0; k < kColumns; ++k) {
                    const float sign = t == 0 ? 1.0F : t == 1 ? -1.0F : t == 2 ? (k % 2 == 0 ? 1.0F : -1.0F) : 0.0F;
                    const float tie = static_cast<float>(static_cast<int>(random.next() >> 33 & 127) - 63) + 0.5F;
                    // A block with 127 in it has the scale 1.
                    x.as<float>()[t * kColumns + k] = sign != 0 ? sign * 127 : k % 32 == 0 ? 127 : tie;
                }
            }
            for (const TensorType type : quantised_types()) {
                const TensorLayout& file = engine::formats::layout_of(type);
                CAPTURE(std::string(file.name));
                std::vector<std::uint8_t> bytes(std::size_t{device.rows} * kColumns / file.block_values *
                                                file.block_bytes);
                const std::size_t row_bytes = bytes.size() / device.rows;
                constexpr std::array<std::uint8_t, 8> kPatterns = {0x00, 0xFF, 0x80, 0x7F, 0x88, 0x0F, 0xF0, 0x55};
                for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = kPatterns.at(i / row_bytes % 8);
                for (std::size_t block = 0; block < bytes.size(); block += file.block_bytes) {
                    for (const std::size_t at : random_weights::kScales.find(file.name)->second.offsets) {
                        const std::uint16_t scale = 0x3C00;  // 1
                        std::memcpy(&bytes[block + at], &scale, 2);
                    }
                }
                std::vector<float> weights(std::size_t{device.rows} * kColumns);
                file.unpack(std::as_bytes(std::span(bytes)), weights);
                const DeviceLayout& layout = engine::llama::device_layout(type);
                const Buffer w = device.arranged(layout, bytes, kColumns / 32);
                for (const std::uint32_t tokens : {1U, kTokens}) {
                    const Buffer y = device.buffer(std::size_t{kTokens} * device.rows * 4);
                    device.multiply(engine::Numerics::Fast, {type, kColumns / 32, tokens}, w, x, y);
                    double worst = 0;
                    for (std::size_t t = 0; t < tokens; ++t) {
                        for (std::size_t r = 0; r < device.rows; ++r) {
                            double sum = 0;
                            double magnitude = 1;
                            for (std::size_t k = 0; k < kColumns; ++k) {
                                const double rounded = std::nearbyint(double{x.as<const float>()[t * kColumns + k]});
                                sum += double{weights[r * kColumns + k]} * rounded;
                                magnitude += std::abs(double{weights[r * kColumns + k]} * rounded);
                            }
                            worst = std::max(
                                worst, std::abs(sum - double{y.as<const float>()[t * device.rows + r]}) / magnitude);
                        }
                    }
                    CHECK(worst < 1e-6);
                }
            }
        });
    }

    // The logarithm near 1 is off by 6e-5 on llvmpipe, which is why the host takes it.
    TEST_CASE("an almost certain token has a sum of one to the last bits") {
        kernel_families::for_each([](engine::Kernels kernels) {
            Device device(kernels);
            constexpr std::uint32_t kVocab = 1000;
            const Buffer logits = device.buffer(std::size_t{3} * kVocab * 4);
            const Buffer statistics = device.buffer(48);
            std::ranges::fill(logits.as<float>(), -60.0F);
            logits.as<float>()[700] = 20;
            logits.as<float>()[kVocab + 3] = 0;  // and one of e^-12
            logits.as<float>()[kVocab + 4] = -12;
            logits.as<float>()[2 * kVocab + 1] = logits.as<float>()[2 * kVocab + 2] = 5;
            device.recorder.dispatch(Kernel::LogitStatistics, {&logits, &statistics},
                                     engine::shaders::LogitsPush{.vocab = kVocab, .count = 3, .stride = kVocab}, 3);
            device.recorder.submit_and_wait();
            CHECK(statistics.as<const float>()[1] == 1);
            CHECK(std::abs(double{statistics.as<const float>()[5]} - (1 + std::exp(-12.0))) < 1.2e-7);
            CHECK(statistics.as<const float>()[9] == 2);
        });
    }

    TEST_CASE("discarded commands do not run") {
        Device device(engine::Kernels::Automatic);
        const Buffer logits = device.buffer(64);
        const Buffer pairs = device.buffer(16);
        const Buffer first = device.buffer(16);
        const Buffer second = device.buffer(16);
        logits.as<float>()[0] = 7;
        const engine::shaders::LogitsPush push{.vocab = 16, .count = 1, .stride = 16};
        device.recorder.dispatch(Kernel::Gather, {&logits, &pairs, &first}, push, 1);
        device.recorder.discard();
        device.recorder.dispatch(Kernel::Gather, {&logits, &pairs, &second}, push, 1);
        device.recorder.submit_and_wait();
        CHECK(first.as<const float>()[0] == 0);
        CHECK(second.as<const float>()[0] == 7);
        device.recorder.discard();  // nothing is queued
    }
}
