#include "harness/cli/engine_options.hpp"

namespace harness::cli {

void engine_options(Verb& verb, engine::EngineOptions& engine, ContextOption context) {
    using engine::Kernels;
    using engine::Numerics;
    verb.heading("Device and memory");
    verb.option("--numerics", "exact|fast",
                choice(engine.numerics, {{"exact", Numerics::Exact}, {"fast", Numerics::Fast}}),
                "exact: activations in f32 (default); fast: in 8 bits or halves for quantised weights, by the device");
    verb.option("--device", "NAME", any_text(engine.device),
                "Device number or part of its name, see 'bellwether devices'");
    verb.option("--kernels", "NAME",
                choice(engine.kernels, {{"auto", Kernels::Automatic},
                                        {"software", Kernels::Software},
                                        {"gpu", Kernels::Gpu},
                                        {"gpu-dot", Kernels::GpuDot},
                                        {"gpu-matrix", Kernels::GpuMatrix}}),
                "Kernels of another kind of device, for tests: auto (by the device, the default), software, gpu, "
                "gpu-dot or gpu-matrix");
    verb.option("--batch", "N", whole_number(engine.batch_tokens),
                "Maximum number of tokens per forward pass (default: by the device)");
    verb.option("--memory", "SIZE", byte_count(engine.memory_bytes),
                "Maximum device memory, such as 8G or 500M (default: what is free; 'inspect' shows the plan)");
    verb.option("--weights-cache", "DIR", any_text(engine.weights_cache),
                "Folder that keeps the weights as the device reads them, in a file as large as the model: later starts "
                "are faster, and processes share the memory where the device is a CPU (default: none)");
    if (context == ContextOption::Yes) {
        verb.option("--context", "N", whole_number(engine.context),
                    "Longest sequence in tokens (default: the model's own)");
    }
}

}  // namespace harness::cli
