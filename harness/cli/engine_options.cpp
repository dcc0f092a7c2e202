#include "harness/cli/engine_options.hpp"

#include <algorithm>
#include <map>

namespace harness::cli {
namespace {

constexpr const char* kBenchHelp =
    "Columns of the table, one row for each kind of forward:\n"
    "  seqs     sequences in the batch; those that decode share what is cached, as questions behind examples do\n"
    "  tokens   tokens that go through the network: of one prompt (prefill), or one of each sequence (decode)\n"
    "  cached   tokens already in the KV cache, to which all of them attend\n"
    "  ms       a forward with its logits; of a prompt: the time to its first token\n"
    "  GB       weights and KV cache that must be read at least once, and that as a share of the read bandwidth\n"
    "  GFLOP    operations of the matrices and of attention, and that as a share of the multiply-add peak\n"
    "Shares are of ceilings measured in the same run: on a software device the processor's own, without Vulkan.";

void numerics_option(CLI::App* command, engine::EngineOptions& engine) {
    const std::map<std::string, engine::Numerics> names = {{"exact", engine::Numerics::Exact},
                                                           {"fast", engine::Numerics::Fast}};
    command
        ->add_option(
            "--numerics", engine.numerics,
            "exact: activations in f32 (default); fast: in 8 bits or halves for quantised weights, by the device")
        ->transform(CLI::CheckedTransformer(names).description("{exact,fast}"));
}

void kernels_option(CLI::App* command, engine::EngineOptions& engine) {
    using engine::Kernels;
    const std::map<std::string, Kernels> names = {{"auto", Kernels::Automatic},
                                                  {"software", Kernels::Software},
                                                  {"gpu", Kernels::Gpu},
                                                  {"gpu-dot", Kernels::GpuDot},
                                                  {"gpu-matrix", Kernels::GpuMatrix}};
    command
        ->add_option("--kernels", engine.kernels,
                     "Kernels of another kind of device, for tests (default: by the device)")
        ->transform(CLI::CheckedTransformer(names).description("{auto,software,gpu,gpu-dot,gpu-matrix}"));
}

}  // namespace

void engine_options(CLI::App* command, engine::EngineOptions& engine, ContextOption context) {
    numerics_option(command, engine);
    kernels_option(command, engine);
    command->add_option("--device", engine.device, "Device number or part of its name, see 'bellwether devices'");
    command->add_option("--batch", engine.batch_tokens, "Tokens per forward pass at most (default: by the device)");
    command
        ->add_option("--memory", engine.memory_bytes,
                     "Memory of the device at most, as 8G or 500M (default: what it has free; 'inspect' shows the "
                     "plan)")
        ->transform(CLI::AsSizeValue(false).description(""))
        ->type_name("SIZE");
    command
        ->add_option("--weights-cache", engine.weights_cache,
                     "Folder in which weights are kept as the device reads them, a file as large as the model: later "
                     "starts are faster, and processes share the memory where the device is a CPU (default: none)")
        ->type_name("DIR");
    if (context == ContextOption::Yes)
        command->add_option("--context", engine.context, "Longest sequence in tokens (default: the model's own)");
}

void bench_options(CLI::App* command, BenchOptions& options) {
    command->footer(kBenchHelp);
    command
        ->add_option_function<std::vector<std::string>>(
            "--only",
            [&options](const std::vector<std::string>& parts) {
                const auto has = [&parts](const char* part) {
                    return std::find(parts.begin(), parts.end(), part) != parts.end();
                };
                options.parts = {.prefill = has("prefill"), .decode = has("decode"), .scoring = has("scoring")};
            },
            "These parts alone (default: all, about two minutes for a model of 1.1 billion weights on two processors)")
        ->delimiter(',')
        ->check(CLI::IsMember({"prefill", "decode", "scoring"}))
        ->type_name("PART,...");
    engine_options(command, options.engine);
}

}  // namespace harness::cli
