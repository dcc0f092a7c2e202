#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace engine::vulkan {

/// A compiled kernel and how it is called. Its specialisation constant 0 is the subgroup size.
struct Program {
    std::string_view name;
    std::span<const std::uint32_t> words;  ///< SPIR-V; must outlive every Recorder that ran it
    std::string_view bindings;             ///< by number: B storage buffer, T storage texel buffer
    std::uint32_t push_bytes = 0;
    bool whole_subgroups = false;  ///< needs subgroups of exactly the size that it is specialised for
};

}  // namespace engine::vulkan
