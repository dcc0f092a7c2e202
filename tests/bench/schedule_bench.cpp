// What the scheduler costs beside the network: 10,000 requests through it with a network that takes no time, and the
// time that a real model takes for the same forwards. Then how a forward's time grows with tokens and context.

#include <fmt/format.h>

#include <random>

#include "engine/bench/growth_fit.hpp"
#include "engine/bench/measure.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/llama/forward.hpp"
#include "engine/scheduler/generator.hpp"
#include "engine/scheduler/scorer.hpp"
#include "tests/harness/scripted_model.hpp"

namespace {

using engine::GenerateRequest;
using engine::ScoreRequest;
using engine::TokenId;
using engine::llama::Batch;
using engine::scheduler::PrefixCache;
using engine::scheduler::Reuse;

constexpr std::size_t kQuestions = 2500;  // questions with four one-token choices
constexpr std::size_t kGroups = 10;       // groups of questions with the same few-shot examples
constexpr std::size_t kPrompts = 10000;
constexpr std::size_t kShots = 700;
constexpr std::size_t kQuestion = 100;
constexpr std::uint32_t kAnswer = 20;

/// Answers immediately, and counts requests.
class InstantNetwork final : public engine::llama::Network {
public:
    explicit InstantNetwork(const engine::llama::Forward& like)
        : batch_(like.batch_tokens()), tables_(like.table_rows()), rows_(like.cache_rows()) {}

    std::uint32_t batch_tokens() const override { return batch_; }
    std::uint32_t table_rows() const override { return tables_; }
    std::uint32_t cache_rows() const override { return rows_; }
    void run(const Batch& batch) override {
        ++forwards;
        tokens += batch.tokens.size();
    }
    engine::llama::States run_tapped(const Batch& batch, const engine::llama::Tap&,
                                     std::span<const std::uint32_t> wanted) override {
        run(batch);
        return {.width = 1, .values = std::vector<float>(wanted.size())};
    }
    std::vector<engine::TokenScore> score(std::span<const engine::llama::Target> targets) override {
        return std::vector<engine::TokenScore>(targets.size());
    }
    void logits(std::span<const std::uint32_t> rows, const engine::llama::TakeRow& take) override {
        const float none = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) take(i, {&none, 1});
    }
    std::vector<engine::llama::RowStatistics> statistics(std::span<const std::uint32_t> rows) override {
        std::vector<engine::llama::RowStatistics> result;
        for (std::size_t i = 0; i < rows.size(); ++i)
            result.push_back({0, 1, static_cast<TokenId>(3 + (tokens * 7 + i) % 200)});
        return result;
    }
    std::vector<engine::TokenId> draw(std::span<const engine::llama::Draw> draws) override {
        std::vector<engine::TokenId> result;
        for (std::size_t i = 0; i < draws.size(); ++i)
            result.push_back(static_cast<engine::TokenId>(3 + (tokens * 7 + i) % 200));
        return result;
    }

    std::uint64_t forwards = 0;
    std::uint64_t tokens = 0;

private:
    std::uint32_t batch_;
    std::uint32_t tables_;
    std::uint32_t rows_;
};

std::vector<TokenId> ids(std::mt19937& random, std::size_t count) {
    std::vector<TokenId> result(count);
    for (TokenId& id : result) id = static_cast<TokenId>(3 + random() % 250);
    return result;
}

/// Few-shot examples and a question, at most `room` tokens.
std::vector<TokenId> prompt(std::mt19937& random, const std::vector<TokenId>& shots, std::size_t room) {
    std::vector<TokenId> result(shots.begin(),
                                shots.begin() + static_cast<std::ptrdiff_t>(std::min(shots.size(), room - kQuestion)));
    const std::vector<TokenId> question = ids(random, kQuestion);
    result.insert(result.end(), question.begin(), question.end());
    return result;
}

struct Work {
    std::vector<ScoreRequest> scored;
    std::vector<GenerateRequest> generated;
};

/// `part` of the 10,000 requests of each kind.
Work requests(std::size_t context, std::size_t part) {
    std::mt19937 random(1);
    Work work;
    const std::size_t room = context - kAnswer - 1;
    std::vector<TokenId> shots;
    for (std::size_t question = 0; question < kQuestions / part; ++question) {
        if (question % (kQuestions / part / kGroups) == 0) shots = ids(random, kShots);
        const std::vector<TokenId> asked = prompt(random, shots, room);
        for (TokenId choice = 10; choice < 14; ++choice) work.scored.push_back({asked, {choice}});
    }
    for (std::size_t i = 0; i < kPrompts / part; ++i) {
        work.generated.push_back(
            {.prompt = prompt(random, shots, room), .max_tokens = kAnswer, .stop = {"\n"}, .sampling = {}});
    }
    return work;
}

/// Tokens of a batch: consecutive, or each in its own sequence.
enum class Shape { OneSequence, ManySequences };

/// Seconds of one forward of `tokens` tokens at the end of a prefix of `cached` ones.
double forward_seconds(engine::llama::Forward& forward, std::uint32_t tokens, std::uint32_t cached, Shape shape) {
    const bool one_sequence = shape == Shape::OneSequence;
    Batch prefix;
    for (std::uint32_t p = 0; p < cached; ++p) {
        prefix.tokens.push_back({static_cast<TokenId>(3 + p % 200), p, 0});
        prefix.rows.push_back(p);
        if (prefix.tokens.size() == forward.batch_tokens()) {
            forward.run(prefix);
            prefix.tokens.clear();
        }
    }
    if (!prefix.tokens.empty()) forward.run(prefix);
    Batch batch;
    for (std::uint32_t t = 0; t < tokens; ++t) {
        const auto table = static_cast<std::uint32_t>(one_sequence ? 0 : batch.rows.size());
        if (t == 0 || !one_sequence) {
            for (std::uint32_t p = 0; p < cached; ++p) batch.rows.push_back(p);
        }
        batch.tokens.push_back({static_cast<TokenId>(5 + t % 200), cached + (one_sequence ? t : 0), table});
        batch.rows.push_back(cached + t);
    }
    return engine::bench::median_seconds([&] { forward.run(batch); });
}

/// Time of a real model per token. [s]
struct TokenSeconds {
    double prefill;
    double decode;  ///< in a batch of 32
};

void print_row(const char* name, std::size_t requests, const InstantNetwork& network, double scheduling,
               double forwards) {
    fmt::print("{:<10} {:>8} {:>9} {:>9} {:>12.4f} {:>12.2f} {:>8.2f}%\n", name, requests, network.forwards,
               network.tokens, scheduling, forwards, 100 * scheduling / (scheduling + forwards));
}

/// Runs `schedule` from an empty cache; returns the time of a call. [s]
template <class Schedule>
double scheduling_seconds(InstantNetwork& network, PrefixCache& cache, const Schedule& schedule) {
    return engine::bench::median_seconds([&] {
        network.forwards = network.tokens = 0;
        cache.clear();
        schedule();
    });
}

void measure_scheduling(const engine::llama::Forward& forward, const TokenSeconds& seconds, std::size_t part) {
    Work work = requests(forward.shape().context, part);
    InstantNetwork network(forward);
    PrefixCache cache(network.cache_rows());
    const double score = scheduling_seconds(
        network, cache, [&] { engine::scheduler::score(network, cache, work.scored, Reuse::SharedPrefixes); });
    print_row("score", work.scored.size(), network, score, static_cast<double>(network.tokens) * seconds.prefill);
    const auto measure_texts = [&](const char* name) {
        const double texts = scheduling_seconds(network, cache, [&] {
            engine::scheduler::generate(network, cache, ByteTokenizer(), work.generated, Reuse::SharedPrefixes);
        });
        // A lower bound: the time of the tokens in full batches.
        const double least = std::min(seconds.prefill, seconds.decode);
        print_row(name, work.generated.size(), network, texts, static_cast<double>(network.tokens) * least);
    };
    measure_texts("greedy");
    for (std::size_t i = 0; i < work.generated.size(); ++i)
        work.generated[i].sampling = {.temperature = 0.8F, .top_p = 0.95F, .item = i};
    measure_texts("sampled");
}

void measure_growth(engine::llama::Forward& forward) {
    const std::uint32_t context = forward.shape().context;
    fmt::print("\n{:>7} {:>8} {:>10}\n", "tokens", "context", "ms");
    std::vector<engine::bench::GrowthSample> samples;
    for (const std::uint32_t cached : {0U, context / 4, context / 2}) {
        for (const std::uint32_t tokens : {16U, 64U, 128U, 256U}) {
            if (tokens > forward.batch_tokens() || cached + tokens > context) continue;
            const double seconds = forward_seconds(forward, tokens, cached, Shape::OneSequence);
            fmt::print("{:>7} {:>8} {:>10.2f}\n", tokens, cached, seconds * 1e3);
            samples.push_back({static_cast<double>(tokens), tokens * (cached + (tokens + 1) / 2.0), seconds});
        }
    }
    if (const auto fit = engine::bench::fit_growth(samples)) {
        fmt::print("fit: {:.2f} ms + {:.3f} ms per token + {:.3f} ms per token and 1,000 positions; R^2 {:.4f}\n",
                   fit->per_forward * 1e3, fit->per_token * 1e3, fit->per_position * 1e6, fit->r_squared);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: schedule_bench MODEL.gguf\n");
        return 2;
    }
    try {
        const engine::formats::gguf::Model file(arguments[1]);
        engine::llama::Forward forward(file, {});
        const std::uint32_t context = forward.shape().context;
        if (context < 2 * kQuestion) {
            fmt::print(stderr, "{}: a context of {} is too short, {} are needed\n", arguments[1], context,
                       2 * kQuestion);
            return 2;
        }
        const auto before =
            static_cast<std::uint32_t>(std::min<std::size_t>(kShots, context - kQuestion - kAnswer - 1));
        const std::uint32_t tokens = std::min(forward.batch_tokens(), context - before);
        const TokenSeconds seconds = {forward_seconds(forward, tokens, before, Shape::OneSequence) / tokens,
                                      forward_seconds(forward, 32, before, Shape::ManySequences) / 32};
        fmt::print("{:<10} {:>8} {:>9} {:>9} {:>12} {:>12} {:>9}\n", "work", "requests", "forwards", "tokens",
                   "scheduling s", "network s", "share");
        for (const std::size_t part : {10U, 1U}) measure_scheduling(forward, seconds, part);
        measure_growth(forward);
    } catch (const std::exception& error) {
        fmt::print(stderr, "schedule_bench: {}\n", error.what());
        return 3;
    }
    return 0;
}
