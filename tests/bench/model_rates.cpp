// model_rates [--starts N] MODEL...: complete models in exact and fast numerics with the processor's own ceilings, as a
// Markdown table with the median and the range over N process starts (10). Each start is a separate process, because
// the placement of its memory, which is fixed at start, decides how fast it is read. Starts of all models take turns,
// so that a busy minute of the machine affects all. model_rates --once MODEL NUMERICS: one start; prints its rates and
// shares.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/bench/measure.hpp"
#include "engine/bench/native_ceilings.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/llama/forward.hpp"
#include "machine.hpp"

namespace {

using engine::llama::Batch;

constexpr std::uint32_t kPrompt = 256;  // tokens of the prefill
constexpr std::uint32_t kCached = 128;  // tokens that a decoded one attends to
constexpr int kSteps = 15;              // decode steps, whose median is reported

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

/// Results of one process start: a prefill, then decode steps, each between two measurements of the processor's own
/// ceilings. Shares are relative to these.
struct Rates {
    double decode = 0;  // tokens per second
    double decode_share = 0;
    double read_ceiling = 0;  // GB/s, while it decoded
    double prefill = 0;
    double prefill_share = 0;
};

Rates measure(const std::string& path, engine::Numerics numerics) {
    const engine::formats::gguf::Model file(path);
    engine::EngineOptions options;
    options.context = 512;
    options.numerics = numerics;
    engine::llama::Forward forward(file, options);
    const engine::formats::Hyperparameters& shape = forward.shape();

    Batch prompt;
    for (std::uint32_t p = 0; p < kPrompt; ++p) {
        prompt.tokens.push_back({static_cast<engine::TokenId>((p * 7 + 3) % shape.vocab), p, 0});
        prompt.rows.push_back(p);
    }
    Batch step;
    step.tokens.push_back({5, kCached, 0});
    for (std::uint32_t p = 0; p <= kCached; ++p) step.rows.push_back(p);
    const auto timed = [&forward](const Batch& batch) {
        const auto start = std::chrono::steady_clock::now();
        const auto last = static_cast<std::uint32_t>(batch.tokens.size() - 1);
        forward.run(batch);
        forward.statistics({&last, 1});
        return engine::bench::seconds_since(start);
    };
    Batch warm_up;  // compiles the kernels, which happens on first use
    warm_up.tokens.assign(prompt.tokens.begin(), prompt.tokens.begin() + 16);
    warm_up.rows.assign(prompt.rows.begin(), prompt.rows.begin() + 16);
    timed(warm_up);
    timed(step);
    // A token reads one row of the embedding table, unless it is also the output matrix.
    double bytes = 2.0 * 4 * kCached * shape.kv_dim() * shape.layers;
    for (const engine::formats::TensorInfo& tensor : file.tensors()) {
        const bool table = tensor.name == "token_embd.weight" && file.find("output.weight") != nullptr;
        if (!table) bytes += static_cast<double>(tensor.size_bytes);
    }
    const double layer = static_cast<double>(shape.dim) * (2.0 * shape.dim + 2.0 * shape.kv_dim() + 3.0 * shape.ffn);
    const double flop = 2.0 * (kPrompt * layer * shape.layers + static_cast<double>(shape.dim) * shape.vocab) +
                        2.0 * kPrompt * (kPrompt + 1) * shape.dim * shape.layers;
    engine::bench::NativeProbe probe;
    const engine::bench::NativeCeilings before = probe.measure();
    const double prompt_seconds = timed(prompt);
    const engine::bench::NativeCeilings between = probe.measure();
    std::vector<double> steps;
    steps.reserve(kSteps);
    for (int i = 0; i < kSteps; ++i) steps.push_back(timed(step));
    const double step_seconds = median(std::move(steps));
    const double read_ceiling = higher(between, probe.measure()).read_bytes_per_second;
    return {1 / step_seconds, bytes / step_seconds / read_ceiling, read_ceiling * 1e-9, kPrompt / prompt_seconds,
            flop / prompt_seconds / higher(before, between).flop_per_second};
}

Rates start_once(const std::string& program, const std::string& model, const char* numerics) {
    const std::string call = fmt::format("'{}' --once '{}' {}", program, model, numerics);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(::popen(call.c_str(), "r"), &::pclose);
    if (!output) throw std::runtime_error("a process could not be started");
    Rates rates;
    if (std::fscanf(output.get(), "%lf %lf %lf %lf %lf", &rates.decode, &rates.decode_share, &rates.read_ceiling,
                    &rates.prefill, &rates.prefill_share) != 5)
        throw std::runtime_error("a start failed: " + call);
    return rates;
}

/// One measured configuration: the rates of all its starts.
struct Case {
    std::string model;
    const char* numerics;
    std::vector<Rates> starts;
};

std::string range(const Case& measured, double Rates::*rate, double scale, int digits, const char* unit) {
    std::vector<double> values;
    for (const Rates& rates : measured.starts) values.push_back(rates.*rate * scale);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double middle = median(values);
    return fmt::format("{:.{}f}{} ({:.{}f} to {:.{}f})", middle, digits, unit, *low, digits, *high, digits);
}

void run_all(const std::string& program, std::span<const std::string> models, int starts) {
    std::vector<Case> cases;
    for (const std::string& model : models) {
        const engine::formats::gguf::Model file(model);
        const bool quantised =
            std::any_of(file.tensors().begin(), file.tensors().end(), [](const engine::formats::TensorInfo& tensor) {
                return tensor.rows() > 1 && engine::formats::layout_of(tensor.type).block_values > 1;
            });
        cases.push_back({model, "exact", {}});
        if (quantised) cases.push_back({model, "fast", {}});
    }
    const std::string load_before = bench::load_average();
    for (int start = 0; start < starts; ++start) {
        for (Case& one : cases) {
            one.starts.push_back(start_once(program, one.model, one.numerics));
            fmt::print(stderr, "start {} of {}: {} {}: decode {:.1f} tokens/s, prefill {:.1f}\n", start + 1, starts,
                       one.model, one.numerics, one.starts.back().decode, one.starts.back().prefill);
        }
    }
    fmt::print(
        "| model | numerics | decode, tokens/s | of read bandwidth | which is, GB/s | prefill of {}, tokens/s | of "
        "multiply-add peak |\n",
        kPrompt);
    fmt::print("|---|---|---|---|---|---|---|\n");
    for (const Case& one : cases) {
        const std::size_t slash = one.model.rfind('/');
        fmt::print("| {} | {} | {} | {} | {} | {} | {} |\n",
                   one.model.substr(slash == std::string::npos ? 0 : slash + 1), one.numerics,
                   range(one, &Rates::decode, 1, 1, ""), range(one, &Rates::decode_share, 100, 0, " %"),
                   range(one, &Rates::read_ceiling, 1, 0, ""), range(one, &Rates::prefill, 1, 0, ""),
                   range(one, &Rates::prefill_share, 100, 0, " %"));
    }
    fmt::print("\nMedian (lowest to highest) of {} process starts; load average {} before, {} after.\n", starts,
               load_before, bench::load_average());
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    try {
        if (arguments.size() == 3 && arguments[0] == "--once") {
            const Rates rates =
                measure(arguments[1], arguments[2] == "fast" ? engine::Numerics::Fast : engine::Numerics::Exact);
            fmt::print("{} {} {} {} {}\n", rates.decode, rates.decode_share, rates.read_ceiling, rates.prefill,
                       rates.prefill_share);
            return 0;
        }
        const bool counted = arguments.size() > 2 && arguments[0] == "--starts";
        const int starts = counted ? std::atoi(arguments[1].c_str()) : 10;
        const std::span<const std::string> models = std::span(arguments).subspan(counted ? 2 : 0);
        if (models.empty() || starts < 1) {
            fmt::print(stderr, "usage: model_rates [--starts N] MODEL...\n");
            return 2;
        }
        run_all(argv[0], models, starts);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 3;
    }
}
