#include "engine/memory_use.hpp"

#include "engine/llama/memory_plan.hpp"
#include "engine/shaders/device.hpp"

namespace engine {

MemoryUse plan_memory(const std::string& path, const EngineOptions& options) {
    const auto file = formats::open_model_file(path);
    const formats::Hyperparameters shape = file->hyperparameters(options.context);
    // The plan depends on the device's subgroups and limits.
    const shaders::Device device(options.device, options.kernels, options.transfers);
    return llama::plan_memory(*file, shape, options, device.info(), device.kernels()).use;
}

}  // namespace engine
