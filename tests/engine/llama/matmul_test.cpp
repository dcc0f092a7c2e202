#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/llama/device_layout.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/random_weights.hpp"

namespace {

using engine::formats::TensorLayout;
using engine::formats::TensorType;
using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

constexpr std::uint32_t kColumns = 768;  // three superblocks
constexpr std::uint32_t kBlocks = kColumns / 32;
constexpr std::uint32_t kRows = 147;       // more than a tile
constexpr std::uint32_t kMostTokens = 67;  // more than a tile
constexpr std::uint32_t kOffset = 5;
constexpr std::uint32_t kStride = 163;

std::vector<TensorType> all_types() {
    std::vector<TensorType> types;
    for (const TensorLayout* layout : engine::formats::layouts()) types.push_back(layout->type);
    return types;
}

/// One or two types of each device layout, for repeated tests.
constexpr std::array kSomeTypes = {TensorType::F16,  TensorType::Q8_0, TensorType::Q5_1,
                                   TensorType::Q2_K, TensorType::Q4_K, TensorType::IQ4_XS};
constexpr std::array kTwoTypes = {TensorType::Q8_0, TensorType::Q4_K};

/// On a software device the emulated matrix units take minutes over all types: they get some of them, unless
/// BELLWETHER_TYPES is set.
bool wants_all_types() {
    return std::getenv("BELLWETHER_TYPES") != nullptr;
}

struct Fixture {
    /// `rows_beside`: number of interleaved rows; 0: the subgroup's size.
    explicit Fixture(engine::Kernels kernels, std::uint32_t rows_beside = 0)
        : device("", kernels), lanes(rows_beside == 0 ? device.info().subgroup_size : rows_beside) {}

    engine::shaders::Device device;
    std::uint32_t lanes;
    std::uint32_t group = lanes * engine::shaders::kRowGroupsMany;
    std::uint32_t padded_rows = (kRows + group - 1) / group * group;
    engine::shaders::Recorder recorder{device, {lanes, 1, 1}};
    random_weights::Random random;
    std::vector<float> weights;  // [kRows, kColumns], unpacked by the file reader

    /// Random rows of a type, in the device's layout.
    Buffer make_weights(const TensorLayout& file, const engine::llama::DeviceLayout& layout) {
        const std::uint32_t units = layout.row_units(kBlocks);
        Buffer buffer(device, std::size_t{padded_rows} * units * 16, Texels::Uint4);
        weights.assign(std::size_t{kRows} * kColumns, 0);
        std::vector<std::uint8_t> row(std::size_t{kColumns} / file.block_values * file.block_bytes);
        std::vector<std::byte> arranged(std::size_t{units} * 16);
        for (std::size_t r = 0; r < kRows; ++r) {
            random_weights::fill_row(file, random, row);
            file.unpack(std::as_bytes(std::span(row)), std::span(weights).subspan(r * kColumns, kColumns));
            std::fill(arranged.begin(), arranged.end(), std::byte{0});
            layout.arrange_row(std::as_bytes(std::span(row)), kBlocks, arranged);
            for (std::size_t unit = 0; unit < units; ++unit) {
                std::copy_n(&arranged[unit * 16], 16,
                            &buffer.as<std::byte>()[((r / lanes * units + unit) * lanes + r % lanes) * 16]);
            }
        }
        return buffer;
    }

    void multiply(const engine::shaders::MatmulPlan& plan, const Buffer& w, const Buffer& x, const Buffer& y,
                  std::uint32_t tokens, std::uint32_t accumulate = 0) {
        recorder.dispatch(*plan.program, {&w, &x, &y},
                          engine::shaders::MatmulPush{.blocks = kBlocks,
                                                      .rows = kRows,
                                                      .tokens = tokens,
                                                      .y_stride = kStride,
                                                      .y_offset = kOffset,
                                                      .accumulate = accumulate},
                          plan.grid.x, plan.grid.y);
        recorder.submit_and_wait();
    }

    /// The largest error of a result, as a share of the sum of the products' magnitudes.
    double worst(std::span<const float> x, const Buffer& y, std::uint32_t tokens, double base) const {
        double worst = 0;
        for (std::size_t t = 0; t < tokens; ++t) {
            for (std::size_t r = 0; r < kRows; ++r) {
                double sum = base;
                double magnitude = 0;
                for (std::size_t k = 0; k < kColumns; ++k) {
                    const double product = double{weights[r * kColumns + k]} * double{x[t * kColumns + k]};
                    sum += product;
                    magnitude += std::abs(product);
                }
                worst =
                    std::max(worst, std::abs(sum - double{y.as<const float>()[t * kStride + kOffset + r]}) / magnitude);
            }
        }
        return worst;
    }
};

/// Reference of the quantise kernels: the activations that the kernels with 8-bit activations get.
std::vector<float> rounded_to_8_bits(std::span<const float> x) {
    std::vector<float> result(x.size());
    for (std::size_t block = 0; block < x.size(); block += 32) {
        float largest = 0;
        for (std::size_t i = 0; i < 32; ++i) largest = std::max(largest, std::abs(x[block + i]));
        const float inverse = largest > 0 ? 127.0F / largest : 0.0F;
        for (std::size_t i = 0; i < 32; ++i)
            result[block + i] = std::nearbyint(x[block + i] * inverse) * (largest / 127.0F);
    }
    return result;
}

/// To the nearest half, ties to even: 11 bits from the leading one on, or multiples of 2^-24.
std::vector<float> rounded_to_halves(std::span<const float> x) {
    std::vector<float> result;
    for (const float value : x) {
        const int last = std::max(value == 0 ? 0 : std::ilogb(value), -14) - 10;
        result.push_back(std::ldexp(std::nearbyint(std::ldexp(value, -last)), last));
    }
    return result;
}

/// Random activations in the forms that kernels read, and the values that they stand for.
struct Activations {
    Activations(Fixture& fixture, engine::Numerics numerics)
        : x(fixture.device, (std::size_t{kMostTokens} + 7) / 8 * 8 * kColumns * 4, Texels::Float4),
          quantised(fixture.device, x.size_bytes() / 128 * 80, Texels::Uint4) {
        for (float& value : x.as<float>()) value = fixture.random.unit() * 3;
        for (float& value : x.as<float>().subspan(32, 32)) value = 0;  // a block without a largest value
        const std::span<const float> exact_x = x.as<const float>();
        seen.assign(exact_x.begin(), exact_x.end());
        if (numerics != engine::Numerics::Fast) return;
        halves = is_matrix(fixture.device.kernels().fast);
        if (halves) {
            seen = rounded_to_halves(exact_x);
            return;
        }
        seen = rounded_to_8_bits(exact_x);
        fixture.recorder.dispatch(Kernel::Quantise, {&x, &quantised}, engine::shaders::QuantisePush{.blocks = kBlocks},
                                  (kBlocks * 8 + fixture.lanes - 1) / fixture.lanes, kMostTokens);
        fixture.recorder.submit_and_wait();
    }

    Buffer x;
    Buffer quantised;
    std::vector<float> seen;
    bool halves = false;  ///< weights are rounded to halves too
};

engine::shaders::MatmulPlan plan_for(const Fixture& fixture, engine::Numerics numerics, TensorType type,
                                     std::uint32_t tokens) {
    return engine::shaders::plan_matmul(
        fixture.device.kernels(), numerics,
        {.type = type, .tokens = tokens, .rows = fixture.padded_rows, .lanes = fixture.lanes});
}

/// One type for one token and several, each with the same bits.
void check_type(Fixture& fixture, engine::Numerics numerics, const Activations& given, TensorType type) {
    const TensorLayout& file = engine::formats::layout_of(type);
    CAPTURE(std::string(file.name));
    const Buffer w = fixture.make_weights(file, engine::llama::device_layout(type));
    if (given.halves) fixture.weights = rounded_to_halves(fixture.weights);
    std::vector<float> known;  // results of the largest number of tokens so far
    for (const std::uint32_t tokens : {1U, 3U, 8U, 17U, kMostTokens}) {
        CAPTURE(tokens);
        const engine::shaders::MatmulPlan plan = plan_for(fixture, numerics, type, tokens);
        const Buffer y(fixture.device, std::size_t{kMostTokens} * kStride * 4, Texels::None);
        fixture.multiply(plan, w, plan.reads_8_bits ? given.quantised : given.x, y, tokens);
        // f32 sums of 768 products: a few units of the last place of their magnitude. Matrix units cut off some bits.
        CHECK(fixture.worst(given.seen, y, tokens, 0) < (given.halves ? 1e-5 : 1e-6));
        // The same bits whatever the tile, and nothing beside the rows.
        const auto results = y.as<const float>().first(std::size_t{tokens} * kStride);
        CHECK(std::equal(known.begin(), known.end(), results.begin()));
        known.assign(results.begin(), results.end());
        const auto rest = y.as<const float>().subspan(std::size_t{tokens} * kStride);
        CHECK(std::all_of(rest.begin(), rest.end(), [](float value) { return value == 0; }));
    }
}

/// The types with exact or fast arithmetic.
void check_matrix_kernels(Fixture& fixture, engine::Numerics numerics, std::span<const TensorType> types) {
    const Activations given(fixture, numerics);
    for (const TensorType type : types) {
        const bool is_always_exact =
            plan_for(fixture, numerics, type, 1).program == plan_for(fixture, engine::Numerics::Exact, type, 1).program;
        if (numerics == engine::Numerics::Fast && is_always_exact) continue;
        check_type(fixture, numerics, given, type);
    }
}

}  // namespace

TEST_SUITE("engine.kernels") {
    // CMakeLists.txt runs this case once more with narrower vectors.
    TEST_CASE("every matrix kernel for software devices matches a double-precision reference") {
        for (const engine::Numerics numerics : {engine::Numerics::Exact, engine::Numerics::Fast}) {
            CAPTURE(numerics == engine::Numerics::Fast);
            Fixture fixture(engine::Kernels::Software);
            check_matrix_kernels(fixture, numerics, all_types());
        }
    }

    TEST_CASE("every exact matrix kernel for GPUs matches a double-precision reference over the unpacked weights") {
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels != engine::Kernels::Gpu) return;  // the other kinds have the same
            Fixture fixture(kernels);
            check_matrix_kernels(fixture, engine::Numerics::Exact, all_types());
        });
    }

    TEST_CASE("every fast matrix kernel for GPUs matches a double-precision reference over the rounded values") {
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Gpu || kernels == engine::Kernels::Software) return;
            Fixture fixture(kernels);
            const bool emulated =
                fixture.device.kernels().fast == engine::shaders::FastArithmetic::MatrixEmulated && !wants_all_types();
            const std::vector<TensorType> all = all_types();
            check_matrix_kernels(fixture, engine::Numerics::Fast,
                                 emulated ? std::span<const TensorType>(kSomeTypes) : all);
        });
    }

    TEST_CASE("the kernels for GPUs give the same results for other subgroup sizes") {
        kernel_families::compile_without_optimising();
        kernel_families::for_each([](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Software) return;
            for (const std::uint32_t lanes : {32U, 64U}) {
                CAPTURE(lanes);
                Fixture fixture(kernels, lanes);
                const auto fast = fixture.device.kernels().fast;
                // Only matrix units depend on the subgroup itself; elsewhere it is a matter of the rows' layout.
                if (is_matrix(fast) && fast != engine::shaders::FastArithmetic::MatrixEmulated) continue;
                const bool exact = kernels == engine::Kernels::Gpu;
                check_matrix_kernels(fixture, exact ? engine::Numerics::Exact : engine::Numerics::Fast,
                                     wants_all_types() ? std::span<const TensorType>(kSomeTypes) : kTwoTypes);
            }
        });
    }

    TEST_CASE("a matrix kernel adds to the output if requested") {
        kernel_families::for_each([](engine::Kernels kernels) {
            Fixture fixture(kernels);
            const TensorLayout& file = engine::formats::layout_of(TensorType::Q4_K);
            const engine::llama::DeviceLayout& layout = engine::llama::device_layout(TensorType::Q4_K);
            const Buffer w = fixture.make_weights(file, layout);
            const Buffer x(fixture.device, (std::size_t{kMostTokens} + 7) / 8 * 8 * kColumns * 4, Texels::Float4);
            for (float& value : x.as<float>()) value = fixture.random.unit();
            for (const std::uint32_t tokens : {1U, kMostTokens}) {
                const Buffer y(fixture.device, std::size_t{kMostTokens} * kStride * 4, Texels::None);
                for (float& value : y.as<float>()) value = 2;
                fixture.multiply(plan_for(fixture, engine::Numerics::Exact, TensorType::Q4_K, tokens), w, x, y, tokens,
                                 1);
                CHECK(fixture.worst(x.as<const float>(), y, tokens, 2) < 2e-6);
                CHECK(y.as<const float>()[kOffset - 1] == 2);
                CHECK(y.as<const float>()[kOffset + kRows] == 2);
            }
        });
    }
}
