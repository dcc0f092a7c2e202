#include "engine/memory_use.hpp"

#include "engine/llama/memory_plan.hpp"
#include "engine/shaders/device.hpp"

namespace engine {

MemoryUse plan_memory(const std::string& path, const EngineOptions& options) {
    const formats::Gguf file(path);
    const llama::Hyperparameters shape = llama::shape_of(file, options);
    const shaders::Device device(options.device, options.kernels, options.transfers);
    return llama::plan_memory(file, shape, options, device.info(), device.kernels()).use;
}

}  // namespace engine
