#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/formats/block_types.hpp"

namespace engine::formats {

/// The numbers are those of the GGUF format.
enum class TensorType : std::uint32_t {
#define BELLWETHER_ENUMERATOR(name, number, products) name = (number),
    BELLWETHER_BLOCK_TYPES(BELLWETHER_ENUMERATOR)
#undef BELLWETHER_ENUMERATOR
};

/// Number of types in the list.
#define BELLWETHER_TYPE(name, number, products) TensorType::name,
inline constexpr std::size_t kBlockTypes = std::array{BELLWETHER_BLOCK_TYPES(BELLWETHER_TYPE)}.size();
#undef BELLWETHER_TYPE

/// How a type stores values: a row is whole blocks of `block_values` values in `block_bytes` bytes.
struct TensorLayout {
    TensorType type;
    std::string_view name;  ///< e.g. "Q4_0"
    std::uint32_t block_values;
    std::uint32_t block_bytes;
    /// Unpacks whole blocks: out.size() == in.size() / block_bytes * block_values.
    void (*unpack)(std::span<const std::byte> in, std::span<float> out);
    /// Reads the raw quants of one block in the order of the values, with out.size() == block_values; nullptr for the
    /// float types.
    void (*quants)(const std::byte* block, std::span<std::uint8_t> out);
};

/// The layout of a type number as found in a file; nullptr when it is not supported.
const TensorLayout* layout_of(std::uint32_t type);
/// The layout of a known type.
const TensorLayout& layout_of(TensorType type);
/// All types, in the order of the list.
std::span<const TensorLayout* const> layouts();

/// GGUF's name of a type number, supported or not; empty when unknown.
std::string_view type_name(std::uint32_t type);
/// The names of the supported types, separated by commas.
std::string supported_types();

/// IEEE binary16 to float, exact, denormals and infinities included.
float half_to_float(std::uint16_t half);

}  // namespace engine::formats
