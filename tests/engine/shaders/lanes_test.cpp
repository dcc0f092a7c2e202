#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/llama/device_layout.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"

namespace {

using engine::formats::TensorType;
using engine::shaders::FastArithmetic;
using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

constexpr std::uint32_t kLaneBlocks = 8;
constexpr std::uint32_t kLaneTokens = 9;

/// Results of kernels that exchange values between lanes, by shuffles (0) or by broadcasts (1).
class LaneExchange {
public:
    explicit LaneExchange(std::uint32_t broadcasts)
        : recorder_(device_, {device_.info().subgroup_size, 1, 1, 1, broadcasts}) {
        std::mt19937 random(7);
        for (float& value : x_.as<float>())
            value = static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 300.0F;
    }

    std::vector<std::uint32_t> quantised() {
        recorder_.dispatch(program(Kernel::Quantise, device_.kernels()), {&x_, &eight_bits_},
                           engine::shaders::QuantisePush{.blocks = kLaneBlocks},
                           kLaneBlocks * 8 / device_.info().subgroup_size, kLaneTokens);
        recorder_.submit_and_wait();
        return words(eight_bits_);
    }

    std::vector<std::uint32_t> product(TensorType type, FastArithmetic arithmetic, engine::shaders::TokenTile tile) {
        const std::uint32_t rows = device_.info().subgroup_size * engine::shaders::kRowGroupsMany;
        const std::size_t bytes =
            std::size_t{rows} * engine::llama::device_layout(type).row_units(kLaneBlocks) * engine::llama::kUnitBytes;
        const Buffer weights(device_, bytes, Texels::Uint4);
        std::mt19937 random(8);
        // Bits without infinities in any half.
        for (std::uint32_t& word : weights.as<std::uint32_t>())
            word = static_cast<std::uint32_t>(random()) & 0x3BFF3BFF;
        const Buffer y(device_, std::size_t{kLaneTokens} * rows * 4, Texels::None);
        const engine::shaders::MatmulPush push = {.blocks = kLaneBlocks,
                                                  .rows = rows,
                                                  .tokens = kLaneTokens,
                                                  .y_stride = rows,
                                                  .y_offset = 0,
                                                  .accumulate = 0};
        const bool fast = arithmetic != FastArithmetic::None;
        recorder_.dispatch(*find_matmul(engine::shaders::Family::Software, type, arithmetic, tile),
                           {&weights, fast ? &eight_bits_ : &x_, &y}, push, kLaneTokens, 1);
        recorder_.submit_and_wait();
        return words(y);
    }

private:
    static std::vector<std::uint32_t> words(const Buffer& buffer) {
        const auto found = buffer.as<const std::uint32_t>();
        return {found.begin(), found.end()};
    }

    engine::shaders::Device device_{"", engine::Kernels::Software};
    engine::vulkan::Recorder recorder_;
    Buffer x_{device_, std::size_t{16} * kLaneBlocks * 128, Texels::Float4};
    Buffer eight_bits_{device_, std::size_t{16} * kLaneBlocks * 80, Texels::Uint4};
};

}  // namespace

TEST_SUITE("engine.kernels") {
    TEST_CASE("broadcasts and shuffles between lanes give the same bits") {
        LaneExchange shuffles(0);
        LaneExchange broadcasts(1);
        CHECK(shuffles.quantised() == broadcasts.quantised());
        using engine::shaders::TokenTile;
        // Types without and with minima, with one and with two scales in a block.
        for (const TensorType type : {TensorType::Q4_0, TensorType::Q4_1, TensorType::Q2_K}) {
            CAPTURE(static_cast<int>(type));
            for (const FastArithmetic arithmetic : {FastArithmetic::None, FastArithmetic::Pairs}) {
                for (const TokenTile tile : {TokenTile::Few, TokenTile::Many}) {
                    const std::vector<std::uint32_t> expected = shuffles.product(type, arithmetic, tile);
                    CHECK(std::any_of(expected.begin(), expected.end(), [](std::uint32_t word) { return word != 0; }));
                    CHECK(expected == broadcasts.product(type, arithmetic, tile));
                }
            }
        }
    }
}
