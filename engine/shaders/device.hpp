#pragma once

#include <string>

#include "engine/shaders/family.hpp"
#include "engine/vulkan/device.hpp"

namespace engine::shaders {

/// A device and the kernel family chosen for it.
class Device : public vulkan::Device {
public:
    /// Other arguments as for vulkan::Device. `kernels`: Automatic, or the family to use; throws EngineError (Input)
    /// when the device cannot run it.
    explicit Device(const std::string& selector, Kernels kernels = Kernels::Automatic,
                    Transfers transfers = Transfers::Automatic);

    const KernelFamily& kernels() const noexcept { return kernels_; }

private:
    KernelFamily kernels_;
};

}  // namespace engine::shaders
