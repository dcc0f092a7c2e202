#include <doctest/doctest.h>

#include <map>
#include <random>

#include "engine/scheduler/next_logits.hpp"
#include "tests/engine/scheduler/remembering_network.hpp"

using engine::ScoreRequest;
using engine::TokenId;
using engine::scheduler::next_logits;
using engine::scheduler::PrefixCache;
using engine::scheduler::Reuse;
using remembering_network::logits_of;
using remembering_network::RememberingNetwork;

namespace {

using Place = std::pair<std::size_t, std::size_t>;  // request, index in its continuation

/// By definition: the logits after everything before a token.
std::map<Place, std::vector<float>> rows_by_definition(const std::vector<ScoreRequest>& requests) {
    std::map<Place, std::vector<float>> rows;
    for (std::size_t request = 0; request < requests.size(); ++request) {
        std::vector<TokenId> prefix = requests[request].context;
        for (std::size_t index = 0; index < requests[request].continuation.size(); ++index) {
            rows[{request, index}] = logits_of(prefix);
            prefix.push_back(requests[request].continuation[index]);
        }
    }
    return rows;
}

std::vector<ScoreRequest> random_requests(std::mt19937& random) {
    const auto ids = [&random](std::size_t longest) {
        std::vector<TokenId> some(1 + random() % longest);
        for (TokenId& id : some) id = static_cast<TokenId>(3 + random() % 2);  // many share a prefix
        return some;
    };
    std::vector<ScoreRequest> requests;
    for (std::size_t i = 0; i < 1 + random() % 8; ++i) requests.push_back({ids(6), ids(6)});
    return requests;
}

}  // namespace

TEST_SUITE("engine.scheduler") {
    TEST_CASE("every token of a continuation gets the logits of its prefix once with any batch and cache") {
        std::mt19937 random(11);
        for (int round = 0; round < 60; ++round) {
            CAPTURE(round);
            const std::vector<ScoreRequest> requests = random_requests(random);
            const auto batch = static_cast<std::uint32_t>(1 + random() % 9);
            RememberingNetwork network(batch, 14 + batch + static_cast<std::uint32_t>(random() % 30));
            PrefixCache cache(network.cache_rows());
            const Reuse reuse = random() % 2 == 0 ? Reuse::None : Reuse::SharedPrefixes;
            for (int call = 0; call < 2; ++call) {  // the second call finds the first one's rows in the cache
                std::map<Place, std::vector<float>> rows;
                next_logits(network, cache, requests, reuse,
                            [&rows](std::size_t request, std::size_t index, std::span<const float> logits) {
                                CHECK(rows.try_emplace({request, index}, logits.begin(), logits.end()).second);
                            });
                CHECK(rows == rows_by_definition(requests));
                CHECK(cache.held() == 0);
            }
        }
    }

    TEST_CASE("what the receiver of logits throws ends the call and leaves the cache usable") {
        RememberingNetwork network(4, 20);
        PrefixCache cache(network.cache_rows());
        const std::vector<ScoreRequest> requests = {{{3, 4}, {3, 3, 4}}};
        CHECK_THROWS_AS(next_logits(network, cache, requests, Reuse::SharedPrefixes,
                                    [](std::size_t, std::size_t, std::span<const float>) {
                                        throw engine::EngineError(engine::EngineError::Kind::Device, "disk");
                                    }),
                        engine::EngineError);
        CHECK(cache.held() == 0);
        std::size_t calls = 0;
        next_logits(network, cache, requests, Reuse::SharedPrefixes,
                    [&calls](std::size_t, std::size_t, std::span<const float>) { ++calls; });
        CHECK(calls == 3);
    }
}
