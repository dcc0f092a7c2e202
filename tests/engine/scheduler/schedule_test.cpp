#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <random>
#include <set>

#include "engine/language_model.hpp"
#include "engine/memory_use.hpp"
#include "engine/scheduler/prefix_tree.hpp"
#include "engine/scheduler/scorer.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/shared_data.hpp"

namespace {

using engine::GenerateRequest;
using engine::ScoreRequest;
using engine::TokenId;
using engine::scheduler::PrefixTree;
using engine::scheduler::Reuse;

std::vector<TokenId> ids(std::mt19937& random, std::size_t count) {
    std::vector<TokenId> result(count);
    for (TokenId& id : result) id = static_cast<TokenId>(3 + random() % 500);
    return result;
}

/// Requests with shared few-shot prefixes, shared contexts, one-token choices and duplicates.
std::vector<ScoreRequest> score_requests(std::mt19937& random, std::size_t count) {
    std::vector<ScoreRequest> requests;
    const std::vector<TokenId> shots = ids(random, 60);
    while (requests.size() < count) {
        std::vector<TokenId> context = {1};
        if (random() % 2 == 0)
            context.insert(context.end(), shots.begin(),
                           shots.begin() + static_cast<std::ptrdiff_t>(random() % shots.size()));
        const auto question = ids(random, 1 + random() % 25);
        context.insert(context.end(), question.begin(), question.end());
        for (std::size_t choice = 0; choice < 1 + random() % 4; ++choice)
            requests.push_back({context, ids(random, 1 + random() % 6)});
    }
    requests.resize(count);
    return requests;
}

std::vector<GenerateRequest> generate_requests(std::mt19937& random, std::size_t count) {
    std::vector<GenerateRequest> requests;
    while (requests.size() < count) {
        requests.push_back({.prompt = ids(random, 1 + random() % 40),
                            .max_tokens = static_cast<std::uint32_t>(random() % 12),
                            .stop = {},
                            .sampling = {.temperature = random() % 2 == 0 ? 0.0F : 0.9F,
                                         .top_p = 0.9F,
                                         .top_k = 0,
                                         .seed = requests.size(),
                                         .item = 7,
                                         .sample = 0}});
    }
    return requests;
}

std::vector<double> logprobs(const engine::ScoreResult& result) {
    std::vector<double> values;
    for (const auto& token : result.tokens) values.push_back(token.logprob);
    return values;
}

/// Results of each request alone.
struct Expected {
    std::vector<std::vector<double>> scores;
    std::vector<engine::GenerateResult> texts;
};

/// Random batch, sharing and memory of a schedule. Every second one has a KV cache of one context and a batch, so that
/// rows are evicted all the time.
engine::EngineOptions random_options(std::mt19937& random, const std::string& path, engine::EngineOptions options) {
    constexpr std::array<std::uint32_t, 8> kBatches = {1, 3, 8, 9, 32, 33, 512, 0};
    options.batch_tokens =
        random() % 2 == 0 ? kBatches.at(random() % kBatches.size()) : static_cast<std::uint32_t>(1 + random() % 600);
    options.reuse = random() % 4 != 0;
    if (random() % 2 == 0) {
        const engine::MemoryUse use = engine::plan_memory(path, options);
        const std::uint64_t rows = use.context + use.batch_tokens + random() % 40;
        options.memory_bytes =
            use.weight_bytes + use.scratch_bytes + use.logit_bytes + rows * use.cache_bytes_per_token;
    }
    return options;
}

/// Runs all requests once, in a random order and in calls of random sizes, scores and texts mixed.
bool same_in_any_order(engine::LanguageModel& model, std::mt19937& random, const std::vector<ScoreRequest>& scored,
                       const std::vector<GenerateRequest>& generated, const Expected& expected) {
    std::vector<std::size_t> scores(scored.size());
    std::vector<std::size_t> texts(generated.size());
    for (std::vector<std::size_t>* order : {&scores, &texts}) {
        std::iota(order->begin(), order->end(), std::size_t{0});
        std::shuffle(order->begin(), order->end(), random);
    }
    bool same = true;
    while (!scores.empty() || !texts.empty()) {
        const bool score = texts.empty() || (!scores.empty() && random() % 3 != 0);
        std::vector<std::size_t>& left = score ? scores : texts;
        const std::size_t count = std::min<std::size_t>(1 + random() % (random() % 2 == 0 ? 8 : 100), left.size());
        std::vector<ScoreRequest> to_score;
        std::vector<GenerateRequest> to_generate;
        for (std::size_t i = 0; i < count; ++i) {
            if (score)
                to_score.push_back(scored[left[i]]);
            else
                to_generate.push_back(generated[left[i]]);
        }
        const auto some_scores = model.score(to_score);
        const auto some_texts = model.generate(to_generate);
        for (std::size_t i = 0; i < count; ++i) {
            if (score) {
                same = same && logprobs(some_scores[i]) == expected.scores[left[i]];
                continue;
            }
            const engine::GenerateResult& alone = expected.texts[left[i]];
            same = same && some_texts[i].ids == alone.ids && some_texts[i].text == alone.text &&
                   some_texts[i].finish == alone.finish;
        }
        left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return same;
}

/// Compares random batch sizes, orders, sharing, memory and mixtures with one request at a time without sharing.
void check_schedules(const std::string& path, engine::Numerics numerics, int schedules,
                     engine::Kernels kernels = engine::Kernels::Automatic,
                     engine::Transfers transfers = engine::Transfers::Automatic) {
    std::mt19937 random(99);
    // The kernels for GPUs take minutes for as many on a software device.
    const std::size_t texts = kernels == engine::Kernels::Automatic ? 40 : 12;
    const std::vector<ScoreRequest> scored = score_requests(random, 4 * texts);
    const std::vector<GenerateRequest> generated = generate_requests(random, texts);
    engine::EngineOptions fixed;
    fixed.numerics = numerics;
    fixed.kernels = kernels;
    Expected expected;
    {
        engine::EngineOptions alone = fixed;
        alone.reuse = false;
        const auto model = engine::open_model(path, alone);
        for (const ScoreRequest& request : scored)
            expected.scores.push_back(logprobs(model->score({&request, 1}).at(0)));
        for (const GenerateRequest& request : generated) expected.texts.push_back(model->generate({&request, 1}).at(0));
    }
    fixed.transfers = transfers;
    for (int schedule = 0; schedule < schedules; ++schedule) {
        const engine::EngineOptions options = random_options(random, path, fixed);
        CAPTURE(schedule);
        CAPTURE(options.batch_tokens);
        CAPTURE(options.reuse);
        CAPTURE(options.memory_bytes);
        CHECK(same_in_any_order(*engine::open_model(path, options), random, scored, generated, expected));
    }
}

/// The number of schedules; the soak job sets a thousand.
int wanted_schedules(int otherwise) {
    const char* wanted = std::getenv("BELLWETHER_SCHEDULES");
    return wanted != nullptr ? std::atoi(wanted) : otherwise;
}

}  // namespace

TEST_SUITE("engine.scheduler") {
    TEST_CASE("a prefix tree holds each shared prefix once and every target") {
        // Contexts 1 2 3 and 1 2 4, with continuations that share tokens too.
        const std::vector<ScoreRequest> requests = {
            {{1, 2, 3}, {5, 6}}, {{1, 2, 4}, {7}}, {{1, 2, 3}, {5, 8}}, {{1, 2}, {3, 5}}};
        const PrefixTree tree = PrefixTree::build(engine::scheduler::sequences_of(requests), Reuse::SharedPrefixes);
        std::vector<std::pair<TokenId, std::uint32_t>> nodes;
        for (const auto& node : tree.nodes) nodes.emplace_back(node.id, node.depth);
        CHECK(nodes == std::vector<std::pair<TokenId, std::uint32_t>>{{1, 0}, {2, 1}, {3, 2}, {5, 3}, {4, 2}});
        CHECK(tree.wanted.size() == 7);  // one for each continuation token
        CHECK(tree.wanted_of(0).empty());
        CHECK(tree.wanted_of(1).size() == 1);  // 3 after 1 2
        CHECK(tree.wanted_of(2).size() == 3);  // 5 after 1 2 3, three times
        CHECK(tree.wanted_of(3).size() == 2);  // 6 and 8
        CHECK(PrefixTree::build(engine::scheduler::sequences_of(requests), Reuse::None).nodes.size() == 4 + 3 + 4 + 3);
    }

    TEST_CASE("a prefix tree has one node for each different beginning whatever the lengths") {
        std::mt19937 random(12);
        const std::vector<TokenId> line = ids(random, 400);
        constexpr std::array<std::size_t, 9> kLengths = {1, 2, 63, 64, 65, 127, 128, 129, 300};
        for (int round = 0; round < 30; ++round) {
            std::vector<ScoreRequest> requests;
            std::set<std::vector<TokenId>> beginnings;
            for (int i = 0; i < 40; ++i) {
                // The sequence may be split anywhere, and may leave the common line anywhere.
                std::vector<TokenId> whole(
                    line.begin(),
                    line.begin() + 1 + static_cast<std::ptrdiff_t>(kLengths.at(random() % kLengths.size())));
                if (random() % 2 == 0) whole[random() % whole.size()] = 2;
                const auto cut = static_cast<std::ptrdiff_t>(1 + random() % (whole.size() - 1));
                requests.push_back({{whole.begin(), whole.begin() + cut}, {whole.begin() + cut, whole.end()}});
                for (std::size_t n = 1; n < whole.size(); ++n)
                    beginnings.insert({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
            }
            const PrefixTree tree = PrefixTree::build(engine::scheduler::sequences_of(requests), Reuse::SharedPrefixes);
            std::set<std::vector<TokenId>> found;
            std::vector<TokenId> path;
            for (const auto& node : tree.nodes) {
                path.resize(node.depth);
                path.push_back(node.id);
                found.insert(path);
            }
            CHECK(found == beginnings);
            CHECK(tree.nodes.size() == beginnings.size());
        }
    }

    TEST_CASE("random schedules give the same bits") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        check_schedules(path->string(), engine::Numerics::Exact, wanted_schedules(6));
    }

    TEST_CASE("random schedules give the same bits with fast numerics too") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        check_schedules(path->string(), engine::Numerics::Fast, wanted_schedules(3));
    }

    TEST_CASE("random schedules give the same bits with every kind of kernels") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        kernel_families::compile_without_optimising();
        kernel_families::for_each([&](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Software) return;  // above
            const engine::shaders::Device device("", kernels);
            if (device.kernels().fast == engine::shaders::FastArithmetic::MatrixEmulated) return;  // takes minutes
            const auto numerics = kernels == engine::Kernels::Gpu ? engine::Numerics::Exact : engine::Numerics::Fast;
            check_schedules(path->string(), numerics, 1, kernels);
        });
    }

    TEST_CASE("random schedules give the same bits if the host cannot access the device's memory") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        for (const engine::Numerics numerics : {engine::Numerics::Exact, engine::Numerics::Fast})
            check_schedules(path->string(), numerics, 2, engine::Kernels::Automatic, engine::Transfers::Staged);
    }

    TEST_CASE("few-shot questions with one-token choices need few tokens") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        std::mt19937 random(5);
        const std::vector<TokenId> shots = ids(random, 300);
        std::vector<ScoreRequest> requests;
        std::size_t whole = 0;
        for (int question = 0; question < 10; ++question) {
            std::vector<TokenId> context = shots;
            const auto own = ids(random, 40);
            context.insert(context.end(), own.begin(), own.end());
            for (TokenId choice = 10; choice < 14; ++choice) {
                requests.push_back({context, {choice}});
                whole += context.size();
            }
        }
        const auto model = engine::open_model(path->string());
        model->score(requests);
        CHECK(model->tokens_computed() == 300 + 10 * 40);
        CHECK(whole == 40 * 340);
    }

    TEST_CASE("a stopped call says so and the model works afterwards") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        std::mt19937 random(8);
        const std::vector<ScoreRequest> scored = score_requests(random, 30);
        const std::vector<GenerateRequest> generated = generate_requests(random, 8);
        const auto calm = engine::open_model(path->string());
        const auto expected_scores = calm->score(scored);
        const auto expected_texts = calm->generate(generated);

        for (int allowed = 0; allowed < 4; ++allowed) {
            CAPTURE(allowed);
            int left = allowed;
            std::vector<std::uint64_t> seen;
            engine::EngineOptions options;
            options.batch_tokens = 16;
            options.before_forward = [&](std::uint64_t tokens) {
                seen.push_back(tokens);
                return left-- != 0;
            };
            const auto model = engine::open_model(path->string(), options);
            const auto stopped = [&](const auto& call) {
                left = allowed;
                try {
                    call();
                } catch (const engine::EngineError& error) {
                    return error.kind() == engine::EngineError::Kind::Stopped;
                }
                return false;
            };
            CHECK(stopped([&] { model->score(scored); }));
            CHECK(seen.size() == static_cast<std::size_t>(allowed) + 1);
            CHECK(seen.back() == model->tokens_computed());
            CHECK(model->tokens_computed() <= static_cast<std::uint64_t>(allowed) * 16);
            CHECK(stopped([&] { model->generate(generated); }));
            left = -1;
            const auto scores = model->score(scored);
            for (std::size_t i = 0; i < scores.size(); ++i) CHECK(logprobs(scores[i]) == logprobs(expected_scores[i]));
            const auto texts = model->generate(generated);
            for (std::size_t i = 0; i < texts.size(); ++i) CHECK(texts[i].ids == expected_texts[i].ids);
        }
    }
}
