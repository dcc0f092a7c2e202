#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace engine::formats {

/// The numbers are those of the GGUF format.
enum class TensorType : std::uint32_t {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    IQ4_NL = 20,
    IQ4_XS = 23,
    BF16 = 30,
};

/// Row length must be a multiple of `block_values`; a block takes `block_bytes`.
struct TensorLayout {
    TensorType type;
    std::string_view name;  ///< e.g. "Q4_0"
    std::uint32_t block_values;
    std::uint32_t block_bytes;
    /// Unpacks whole blocks: out.size() == in.size() / block_bytes * block_values.
    void (*unpack)(std::span<const std::byte> in, std::span<float> out);
    /// The raw quants of one block, in order of value; nullptr for the float types. out.size() == block_values.
    void (*quants)(const std::byte* block, std::span<std::uint8_t> out);
};

/// The layout of a type number as found in a file; nullptr when it is not supported.
const TensorLayout* layout_of(std::uint32_t type);
/// The layout of a known type.
const TensorLayout& layout_of(TensorType type);

/// What the format calls a type number, supported or not; empty when unknown.
std::string_view type_name(std::uint32_t type);
/// The names of the supported types, separated by commas.
std::string supported_types();

/// IEEE binary16 to float, exact, denormals and infinities included.
float half_to_float(std::uint16_t half);

}  // namespace engine::formats
