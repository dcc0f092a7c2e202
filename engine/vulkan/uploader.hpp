#pragma once

#include <array>
#include <functional>
#include <optional>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/commands.hpp"

namespace engine::vulkan {

/// Fills buffers from the host: directly when they are mapped, else through two pieces of staging memory, so that the
/// device copies one piece while the host writes the other.
class Uploader {
public:
    /// Staging memory is two pieces of `piece_bytes`, or of one grain when that is larger.
    explicit Uploader(const Device& device, std::size_t piece_bytes = std::size_t{32} << 20)
        : device_(device), piece_bytes_(piece_bytes) {}

    /// Writes one piece of a buffer, which starts at byte `offset`.
    using Write = std::function<void(std::size_t offset, std::span<std::byte> piece)>;

    /// Calls `write` for the pieces of `to` in order; all but the last are multiples of `grain` bytes. Throws
    /// EngineError (Device).
    void fill(const Buffer& to, std::size_t grain, const Write& write);
    /// Waits for the copies. Filled buffers may only be used afterwards, and must live until this call or until this
    /// object is destroyed.
    void finish();

private:
    struct Stage {
        Stage(const Device& device, std::size_t bytes)
            : memory(device, bytes, Texels::None, Contents::Undefined), commands(device) {}
        Buffer memory;
        Commands commands;  // after memory, which it reads
    };

    void copy(const Buffer& to, std::size_t offset, std::size_t size, const Write& write);

    const Device& device_;
    std::size_t piece_bytes_;                     // large, so that the cost of starting a copy is small
    std::array<std::optional<Stage>, 2> stages_;  // made when first used
    std::size_t next_ = 0;
};

}  // namespace engine::vulkan
