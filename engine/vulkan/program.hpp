#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace engine::vulkan {

/// A compiled kernel and its interface. Its specialisation constant 0 is the subgroup size.
struct Program {
    std::string_view name;
    std::span<const std::uint32_t> words;  ///< SPIR-V; must outlive every Recorder that ran it
    std::string_view bindings;  ///< one letter per binding, in order: B storage buffer, T storage texel buffer
    std::uint32_t push_bytes = 0;
    bool whole_subgroups = false;  ///< needs full subgroups of exactly the specialised size
};

}  // namespace engine::vulkan
