#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <stdexcept>

#include "engine/scheduler/generator.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/scorer.hpp"
#include "tests/engine/scheduler/remembering_network.hpp"
#include "tests/harness/scripted_model.hpp"

using engine::GenerateRequest;
using engine::GenerateResult;
using engine::ScoreRequest;
using engine::TokenId;
using engine::scheduler::PrefixCache;
using engine::scheduler::Reuse;
using remembering_network::argmax_of;
using remembering_network::logprob_of;
using remembering_network::RememberingNetwork;
using Ids = std::vector<TokenId>;

namespace {

std::uint32_t below(std::mt19937& random, std::uint32_t end) {
    return static_cast<std::uint32_t>(random() % end);
}

Ids random_ids(std::mt19937& random, std::size_t count) {
    Ids ids(count);
    for (TokenId& id : ids) id = static_cast<TokenId>(3 + random() % 3);  // few kinds, so that much is shared
    return ids;
}

Ids joined(Ids a, const Ids& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

void check_scores(std::span<const ScoreRequest> requests, const std::vector<engine::ScoreResult>& results) {
    REQUIRE(results.size() == requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        Ids prefix = requests[i].context;
        for (std::size_t t = 0; t < requests[i].continuation.size(); ++t) {
            CHECK(results[i].tokens.at(t).logprob == logprob_of(prefix, requests[i].continuation[t]));
            prefix.push_back(requests[i].continuation[t]);
        }
    }
}

/// The result of greedy generation, without a network.
Ids greedy(Ids prefix, std::uint32_t count) {
    const std::size_t start = prefix.size();
    for (std::uint32_t i = 0; i < count; ++i) prefix.push_back(argmax_of(prefix));
    return {prefix.begin() + static_cast<std::ptrdiff_t>(start), prefix.end()};
}

GenerateRequest request_of(const Ids& prompt, std::uint32_t max_tokens) {
    return {.prompt = prompt, .max_tokens = max_tokens, .stop = {}, .sampling = {}};
}

std::vector<GenerateResult> generate(RememberingNetwork& network, PrefixCache& cache,
                                     std::span<const GenerateRequest> requests, Reuse reuse = Reuse::SharedPrefixes) {
    return engine::scheduler::generate(network, cache, ByteTokenizer(), requests, reuse);
}

}  // namespace

TEST_SUITE("engine.scheduler") {
    TEST_CASE("the least recently used prefix loses its last rows first and held rows stay") {
        PrefixCache cache(4);
        const std::uint32_t one = cache.hold(PrefixCache::kNone, 1);
        const std::uint32_t two = cache.hold(one, 2);
        const std::uint32_t three = cache.hold(one, 3);
        for (const std::uint32_t row : {two, three, one}) cache.release(row);
        CHECK(cache.held() == 0);
        CHECK(cache.hold(cache.hold(PrefixCache::kNone, 1), 3) == three);  // found again, and held
        const std::uint32_t fourth = cache.hold(three, 4);
        CHECK(cache.find(one, 2) == two);
        const std::uint32_t fifth = cache.hold(fourth, 5);  // no row is free: 1 2 loses its end
        CHECK(fifth == two);
        CHECK(cache.find(one, 2) == PrefixCache::kNone);
        CHECK(cache.held() == 4);
        for (const std::uint32_t row : {fifth, fourth, three, one}) cache.release(row);
        // Only ends are evicted, so a beginning that later sequences share outlives them.
        const std::uint32_t other = cache.hold_alone();
        CHECK(cache.find(PrefixCache::kNone, 1) == one);
        CHECK(cache.find(fourth, 5) == PrefixCache::kNone);
        cache.release(other);
        cache.clear();
        CHECK(cache.find(PrefixCache::kNone, 1) == PrefixCache::kNone);
    }

    TEST_CASE("a later call computes only what earlier calls have not computed") {
        RememberingNetwork network(8, 100);
        PrefixCache cache(network.cache_rows());
        std::mt19937 random(1);
        const Ids shots = random_ids(random, 30);
        const std::vector<ScoreRequest> first = {{joined(shots, {7, 8}), {9, 10}}};
        check_scores(first, engine::scheduler::score(network, cache, first, Reuse::SharedPrefixes));
        CHECK(network.computed == 33);
        // Five new tokens. The last is not an input, and the last shared one needs no logits.
        const std::vector<ScoreRequest> second = {{joined(shots, {11, 12}), {13, 14, 15}}};
        check_scores(second, engine::scheduler::score(network, cache, second, Reuse::SharedPrefixes));
        CHECK(network.computed == 33 + 4);
        // Again: logits of three tokens are needed, and only those run.
        check_scores(second, engine::scheduler::score(network, cache, second, Reuse::SharedPrefixes));
        CHECK(network.computed == 33 + 4 + 3);
        // Generation uses the rows that scoring left.
        const std::vector<GenerateRequest> third = {request_of(joined(shots, {11}), 1)};
        CHECK(generate(network, cache, third).at(0).ids == greedy(third[0].prompt, 1));
        CHECK(network.computed == 33 + 4 + 3 + 1);
        // Without sharing everything is computed.
        check_scores(second, engine::scheduler::score(network, cache, second, Reuse::None));
        CHECK(network.computed == 33 + 4 + 3 + 1 + 34);
        CHECK(cache.held() == 0);
    }

    TEST_CASE("many samples of one prompt compute it once and equal ones stay together") {
        RememberingNetwork network(64, 4000);
        PrefixCache cache(network.cache_rows());
        std::mt19937 random(2);
        const Ids prompt = random_ids(random, 100);
        const std::vector<GenerateRequest> same(64, request_of(prompt, 10));
        for (const GenerateResult& result : generate(network, cache, same)) CHECK(result.ids == greedy(prompt, 10));
        CHECK(network.computed == 100 + 9);
        CHECK(network.logit_rows == 10);

        std::vector<GenerateRequest> drawn(64, request_of(prompt, 10));
        for (std::uint32_t i = 0; i < drawn.size(); ++i) {
            drawn[i].sampling.temperature = 1;
            drawn[i].sampling.sample = i;
        }
        network.computed = 0;
        std::set<Ids> prefixes;  // that had to run: the prompt's last token again, and each different beginning
        std::set<Ids> texts;
        for (const GenerateResult& result : generate(network, cache, drawn)) {
            texts.insert(result.ids);
            for (std::size_t n = 1; n < result.ids.size(); ++n)
                prefixes.insert(Ids(result.ids.begin(), result.ids.begin() + static_cast<std::ptrdiff_t>(n)));
        }
        CHECK(texts.size() > 16);
        CHECK(network.computed == 1 + prefixes.size());
    }

    TEST_CASE("answers depend on the ids only with any batch and cache") {
        std::mt19937 random(3);
        for (int round = 0; round < 60; ++round) {
            CAPTURE(round);
            const std::uint32_t batch = 1 + below(random, 20);
            const std::uint32_t rows = 40 + batch + below(random, 100);  // sequences have up to 40 tokens
            RememberingNetwork network(batch, rows);
            PrefixCache cache(rows);
            for (int call = 0; call < 4; ++call) {
                const Reuse reuse = random() % 4 == 0 ? Reuse::None : Reuse::SharedPrefixes;
                if (random() % 2 == 0) {
                    std::vector<ScoreRequest> requests;
                    for (std::size_t i = 0; i < 1 + random() % 30; ++i)
                        requests.push_back(
                            {random_ids(random, 1 + random() % 30), random_ids(random, 1 + random() % 10)});
                    check_scores(requests, engine::scheduler::score(network, cache, requests, reuse));
                } else {
                    std::vector<GenerateRequest> requests;
                    for (std::size_t i = 0; i < 1 + random() % 30; ++i)
                        requests.push_back(request_of(random_ids(random, 1 + random() % 30), below(random, 11)));
                    const auto results = generate(network, cache, requests, reuse);
                    for (std::size_t i = 0; i < requests.size(); ++i)
                        CHECK(results[i].ids == greedy(requests[i].prompt, requests[i].max_tokens));
                }
                CHECK(cache.held() == 0);
            }
        }
    }

    TEST_CASE("after a failure nothing of the failed batch counts as computed") {
        std::mt19937 random(4);
        for (int round = 0; round < 20; ++round) {
            RememberingNetwork network(8, 80);
            PrefixCache cache(network.cache_rows());
            std::vector<ScoreRequest> scored;
            std::vector<GenerateRequest> generated;
            for (int i = 0; i < 10; ++i) {
                scored.push_back({random_ids(random, 20), random_ids(random, 3)});
                generated.push_back(request_of(random_ids(random, 20), 5));
            }
            network.fail_after = static_cast<int>(random() % 6);
            CHECK_THROWS_AS(engine::scheduler::score(network, cache, scored, Reuse::SharedPrefixes),
                            engine::EngineError);
            check_scores(scored, engine::scheduler::score(network, cache, scored, Reuse::SharedPrefixes));
            network.fail_after = static_cast<int>(random() % 6);
            CHECK_THROWS_AS(generate(network, cache, generated), engine::EngineError);
            const auto results = generate(network, cache, generated);
            for (std::size_t i = 0; i < results.size(); ++i) CHECK(results[i].ids == greedy(generated[i].prompt, 5));
        }
    }

    TEST_CASE("a stop string that spans several tokens ends the text") {
        RememberingNetwork network(8, 80);
        PrefixCache cache(network.cache_rows());
        const Ids prompt = {1, 50, 60};
        const std::string whole = ByteTokenizer().decode(greedy(prompt, 12));
        REQUIRE(whole.size() == 12);
        for (const std::size_t length : {1U, 3U, 5U}) {
            CAPTURE(length);
            GenerateRequest request = request_of(prompt, 12);
            request.stop = {"no such text", whole.substr(4, length), ""};
            const GenerateResult result = generate(network, cache, {&request, 1}).at(0);
            CHECK(result.text == whole.substr(0, whole.find(request.stop[1]) + length));
            CHECK(result.finish == engine::Finish::Stop);
        }
    }
}
