// token_costs [--rounds N] MODEL NUMERICS: processor time of a complete model: until the first token (loading,
// compiling the kernels), per token of a prompt of 256, and per decoded token; the least of N rounds (5). Other work on
// the machine changes processor time much less than elapsed time. Also prints a sum of the bits of all results: two
// builds or drivers with the same sum computed the same. To compare builds or drivers, start them in turn.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/bench/measure.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/llama/forward.hpp"
#include "machine.hpp"

namespace {

using bench::processor_seconds;
using engine::llama::Batch;

constexpr std::uint32_t kPrompt = 256;
constexpr std::uint32_t kSteps = 8;

Batch batch_of(std::uint32_t first, std::uint32_t count, std::uint32_t vocab) {
    Batch batch;
    for (std::uint32_t p = first; p < first + count; ++p)
        batch.tokens.push_back({static_cast<engine::TokenId>((p * 7 + 3) % vocab), p, 0});
    for (std::uint32_t p = 0; p < first + count; ++p) batch.rows.push_back(p);
    return batch;
}

/// FNV-1a over the bits of the largest logit and the sum of exponentials.
void add_bits(std::uint64_t& sum, const std::vector<engine::llama::RowStatistics>& rows) {
    for (const engine::llama::RowStatistics& row : rows)
        for (const float value : {row.maximum, row.sum})
            sum = (sum ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001B3;
}

int run(int rounds, const std::string& path, engine::Numerics numerics) {
    const auto start = std::chrono::steady_clock::now();
    const engine::formats::gguf::Model file(path);
    engine::EngineOptions options;
    options.context = 512;
    options.numerics = numerics;
    engine::llama::Forward forward(file, options);
    const double opened = processor_seconds();
    const double opened_elapsed = engine::bench::seconds_since(start);
    std::uint64_t bits = 0xCBF29CE484222325;
    const auto cost = [&](const Batch& batch) {
        const double before = processor_seconds();
        std::vector<std::uint32_t> rows;
        for (std::uint32_t t = 0; t < batch.tokens.size(); t += 37) rows.push_back(t);
        forward.run(batch);
        add_bits(bits, forward.statistics(rows));
        return processor_seconds() - before;
    };
    const std::uint32_t vocab = forward.shape().vocab;
    cost(batch_of(0, 1, vocab));
    const double first_elapsed = engine::bench::seconds_since(start);
    const double first = processor_seconds();
    cost(batch_of(0, 16, vocab));
    const double compiled = processor_seconds();
    double prompt = 1e9;
    double step = 1e9;
    for (int round = 0; round < rounds; ++round) {
        prompt = std::min(prompt, cost(batch_of(0, kPrompt, vocab)) / kPrompt);
        for (std::uint32_t i = 0; i < kSteps; ++i) step = std::min(step, cost(batch_of(kPrompt + i, 1, vocab)));
    }
    fmt::print(
        "opened {:.2f} CPU-s ({:.2f} s), first token {:.2f} CPU-s ({:.2f} s), all kernels {:.2f} CPU-s; "
        "prompt {:.2f} ms, decode {:.2f} ms of CPU a token; bits {:016x}\n",
        opened, opened_elapsed, first, first_elapsed, compiled, prompt * 1e3, step * 1e3, bits);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    int rounds = 5;
    if (arguments.size() == 4 && arguments[0] == "--rounds") {
        rounds = std::atoi(arguments[1].c_str());
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    if (arguments.size() != 2 || rounds < 1 || (arguments[1] != "exact" && arguments[1] != "fast")) {
        fmt::print(stderr, "usage: token_costs [--rounds N] MODEL exact|fast\n");
        return 2;
    }
    return run(rounds, arguments[0], arguments[1] == "fast" ? engine::Numerics::Fast : engine::Numerics::Exact);
}
