#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "engine/language_model.hpp"
#include "engine/scheduler/prefix_tree.hpp"
#include "tests/engine/compute/kernel_families.hpp"
#include "tests/engine/formats/shared_data.hpp"

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

/// Random batch sizes, orders, sharing and mixtures against one request at a time with nothing shared.
void check_schedules(const std::string& path, engine::Numerics numerics, int schedules,
                     engine::Kernels kernels = engine::Kernels::Automatic,
                     engine::Transfers transfers = engine::Transfers::Automatic) {
    std::mt19937 random(99);
    const std::vector<ScoreRequest> scored = score_requests(random, 160);
    const std::vector<GenerateRequest> generated = generate_requests(random, 40);
    // The reference: one by one, nothing shared.
    const auto alone = engine::open_model(
        path,
        {.device = "", .context = 0, .batch_tokens = 0, .reuse = false, .numerics = numerics, .kernels = kernels});
    std::vector<std::vector<double>> expected_scores;
    for (const ScoreRequest& request : scored) expected_scores.push_back(logprobs(alone->score({&request, 1}).at(0)));
    std::vector<std::vector<TokenId>> expected_texts;
    for (const GenerateRequest& request : generated) expected_texts.push_back(alone->generate({&request, 1}).at(0).ids);

    for (int schedule = 0; schedule < schedules; ++schedule) {
        CAPTURE(schedule);
        const engine::EngineOptions options{.device = "",
                                            .context = 0,
                                            .batch_tokens = static_cast<std::uint32_t>(8 + random() % 600),
                                            .reuse = random() % 4 != 0,
                                            .numerics = numerics,
                                            .kernels = kernels,
                                            .transfers = transfers};
        CAPTURE(options.batch_tokens);
        const auto model = engine::open_model(path, options);
        std::vector<std::size_t> order(scored.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), random);
        bool same = true;
        for (std::size_t first = 0; first < order.size();) {
            const std::size_t count = std::min<std::size_t>(1 + random() % 100, order.size() - first);
            std::vector<ScoreRequest> part;
            for (std::size_t i = 0; i < count; ++i) part.push_back(scored[order[first + i]]);
            const auto results = model->score(part);
            for (std::size_t i = 0; i < count; ++i)
                same = same && logprobs(results[i]) == expected_scores[order[first + i]];
            first += count;
        }
        CHECK(same);
        const auto texts = model->generate(generated);
        for (std::size_t i = 0; i < texts.size(); ++i) CHECK(texts[i].ids == expected_texts[i]);
    }
}

}  // namespace

TEST_SUITE("engine.scheduler") {
    TEST_CASE("a prefix tree holds each shared prefix once and every target") {
        // Contexts 1 2 3 and 1 2 4, with continuations that share tokens too.
        const std::vector<ScoreRequest> requests = {
            {{1, 2, 3}, {5, 6}}, {{1, 2, 4}, {7}}, {{1, 2, 3}, {5, 8}}, {{1, 2}, {3, 5}}};
        const PrefixTree tree = PrefixTree::build(requests, Reuse::SharedPrefixes);
        std::vector<std::pair<TokenId, std::uint32_t>> nodes;
        for (const auto& node : tree.nodes) nodes.emplace_back(node.id, node.depth);
        CHECK(nodes == std::vector<std::pair<TokenId, std::uint32_t>>{{1, 0}, {2, 1}, {3, 2}, {5, 3}, {4, 2}});
        CHECK(tree.wanted.size() == 7);  // one for each continuation token
        CHECK(tree.wanted_of(0).empty());
        CHECK(tree.wanted_of(1).size() == 1);  // 3 after 1 2
        CHECK(tree.wanted_of(2).size() == 3);  // 5 after 1 2 3, three times
        CHECK(tree.wanted_of(3).size() == 2);  // 6 and 8
        CHECK(PrefixTree::build(requests, Reuse::None).nodes.size() == 4 + 3 + 4 + 3);
    }

    TEST_CASE("random schedules give the same bits") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const char* wanted = std::getenv("BELLWETHER_SCHEDULES");  // the soak job asks for a thousand
        check_schedules(path->string(), engine::Numerics::Exact, wanted != nullptr ? std::atoi(wanted) : 6);
    }

    TEST_CASE("random schedules give the same bits with fast numerics too") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        check_schedules(path->string(), engine::Numerics::Fast, 3);
    }

    TEST_CASE("random schedules give the same bits with every kind of kernels") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        kernel_families::for_each([&](engine::Kernels kernels) {
            if (kernels == engine::Kernels::Software) return;  // above
            const engine::vulkan::Device device("", kernels);
            if (device.kernels().fast == engine::shaders::FastArithmetic::MatrixEmulated) return;  // takes minutes
            const auto numerics = kernels == engine::Kernels::Gpu ? engine::Numerics::Exact : engine::Numerics::Fast;
            check_schedules(path->string(), numerics, 1, kernels);
        });
    }

    TEST_CASE("random schedules give the same bits where the host does not see the device's memory") {
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

    TEST_CASE("a call that is stopped says so and the model answers as ever afterwards") {
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
