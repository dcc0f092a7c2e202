#include "engine/shaders/device.hpp"

namespace engine::shaders {

Device::Device(const std::string& selector, Kernels kernels, Transfers transfers)
    : vulkan::Device(selector, transfers), kernels_(choose_family(info(), kernels)) {
    // The software family reads through texel buffers, even on a GPU.
    const bool is_gpu = kernels_.family == Family::Gpu;
    set_kernels(is_gpu ? vulkan::Reads::StorageBuffers : vulkan::Reads::Texels, kernels_.reason);
}

}  // namespace engine::shaders
