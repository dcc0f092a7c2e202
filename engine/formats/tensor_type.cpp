#include "engine/formats/tensor_type.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats {
namespace {

const std::array<const TensorLayout*, 5> kLayouts = {&blocks::kF32, &blocks::kF16, &blocks::kBF16, &blocks::kQ8_0,
                                                     &blocks::kQ4_0};

}  // namespace

const TensorLayout* layout_of(std::uint32_t type) {
    for (const TensorLayout* layout : kLayouts) {
        if (static_cast<std::uint32_t>(layout->type) == type) return layout;
    }
    return nullptr;
}

const TensorLayout& layout_of(TensorType type) {
    const TensorLayout* layout = layout_of(static_cast<std::uint32_t>(type));
    if (layout == nullptr) throw std::logic_error("a tensor type without a layout");
    return *layout;
}

float half_to_float(std::uint16_t half) {
    const int exponent = (half >> 10) & 31;
    const int mantissa = half & 1023;
    float magnitude = 0;
    if (exponent == 31) {
        magnitude = mantissa == 0 ? INFINITY : NAN;
    } else if (exponent == 0) {
        magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    } else {
        magnitude = std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
    }
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace engine::formats
