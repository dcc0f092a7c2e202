#include "engine/formats/tensor_type.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats {
namespace {

constexpr auto kLayouts = std::to_array<const TensorLayout*>({
#define BELLWETHER_LAYOUT(name, number, products) &blocks::k##name,
    BELLWETHER_BLOCK_TYPES(BELLWETHER_LAYOUT)
#undef BELLWETHER_LAYOUT
});

/// Types of the format that are not supported, for error messages.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 17> kOtherNames = {{
    {9, "Q8_1"},
    {15, "Q8_K"},
    {16, "IQ2_XXS"},
    {17, "IQ2_XS"},
    {18, "IQ3_XXS"},
    {19, "IQ1_S"},
    {21, "IQ3_S"},
    {22, "IQ2_S"},
    {24, "I8"},
    {25, "I16"},
    {26, "I32"},
    {27, "I64"},
    {28, "F64"},
    {29, "IQ1_M"},
    {34, "TQ1_0"},
    {35, "TQ2_0"},
    {39, "MXFP4"},
}};

}  // namespace

const TensorLayout* layout_of(std::uint32_t type) {
    for (const TensorLayout* layout : kLayouts) {
        if (static_cast<std::uint32_t>(layout->type) == type) return layout;
    }
    return nullptr;
}

std::span<const TensorLayout* const> layouts() {
    return kLayouts;
}

const TensorLayout& layout_of(TensorType type) {
    const TensorLayout* layout = layout_of(static_cast<std::uint32_t>(type));
    if (layout == nullptr) throw std::logic_error("a tensor type without a layout");
    return *layout;
}

std::string_view type_name(std::uint32_t type) {
    if (const TensorLayout* layout = layout_of(type)) return layout->name;
    for (const auto& [number, name] : kOtherNames) {
        if (number == type) return name;
    }
    return "";
}

std::string supported_types() {
    std::string names;
    for (const TensorLayout* layout : kLayouts) {
        if (!names.empty()) names += ", ";
        names += layout->name;
    }
    return names;
}

float half_to_float(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 31U;
    const std::uint32_t mantissa = half & 1023U;
    // Subnormal halves are normal floats.
    if (exponent == 0) {
        const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
        return sign != 0 ? -magnitude : magnitude;
    }
    // The exponent moves from bias 15 to bias 127; infinity and NaN keep all ones.
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

}  // namespace engine::formats
