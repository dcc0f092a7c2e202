#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "engine/scheduler/hidden_states.hpp"
#include "engine/scheduler/scorer.hpp"
#include "tests/engine/scheduler/remembering_network.hpp"

using engine::FinalNorm;
using engine::HiddenStates;
using engine::Pooling;
using engine::TokenId;
using engine::scheduler::hidden_states;
using engine::scheduler::PrefixCache;
using engine::scheduler::Reuse;
using remembering_network::RememberingNetwork;
using remembering_network::state_of;
using Ids = std::vector<TokenId>;

namespace {

/// The result by definition: no sharing, no batches.
std::vector<float> expected_of(const Ids& ids, const HiddenStates& wanted) {
    const engine::llama::Tap tap = {wanted.layer, wanted.final_norm};
    if (wanted.pooling == Pooling::Last) return state_of(ids, tap);
    std::vector<double> sum(2);
    for (std::size_t length = 1; length <= ids.size(); ++length) {
        const std::vector<float> state = state_of(std::span(ids).first(length), tap);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += double{state[i]};
    }
    std::vector<float> mean(sum.size());
    std::transform(sum.begin(), sum.end(), mean.begin(),
                   [&ids](double value) { return static_cast<float>(value / static_cast<double>(ids.size())); });
    return mean;
}

/// Sequences that share beginnings of many lengths, some of them equal or one the beginning of another.
std::vector<Ids> random_sequences(std::mt19937& random, std::size_t count, std::size_t longest) {
    std::vector<Ids> sequences;
    for (std::size_t i = 0; i < count; ++i) {
        Ids ids(1 + random() % longest);
        for (TokenId& id : ids) id = static_cast<TokenId>(3 + random() % 2);
        sequences.push_back(ids);
    }
    return sequences;
}

std::size_t beginnings(const std::vector<Ids>& sequences) {
    std::set<Ids> found;
    for (const Ids& ids : sequences) {
        for (std::size_t length = 1; length <= ids.size(); ++length)
            found.insert({ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(length)});
    }
    return found.size();
}

}  // namespace

TEST_SUITE("engine.scheduler") {
    TEST_CASE("hidden states depend on the ids only with any batch and cache and order") {
        std::mt19937 random(5);
        for (int round = 0; round < 60; ++round) {
            CAPTURE(round);
            std::vector<Ids> sequences = random_sequences(random, 1 + random() % 12, 14);
            const auto batch = static_cast<std::uint32_t>(1 + random() % 9);
            RememberingNetwork network(batch, 14 + batch + static_cast<std::uint32_t>(random() % 30));
            PrefixCache cache(network.cache_rows());
            const HiddenStates wanted = {.layer = static_cast<std::uint32_t>(random() % 3),
                                         .final_norm = random() % 2 == 0 ? FinalNorm::Applied : FinalNorm::LeftOut,
                                         .pooling = random() % 2 == 0 ? Pooling::Last : Pooling::Mean};
            const Reuse reuse = random() % 4 == 0 ? Reuse::None : Reuse::SharedPrefixes;
            for (int call = 0; call < 2; ++call) {  // the second call finds the first one's rows in the cache
                const auto states = hidden_states(network, cache, sequences, wanted, reuse);
                REQUIRE(states.size() == sequences.size());
                for (std::size_t i = 0; i < sequences.size(); ++i)
                    CHECK(states[i] == expected_of(sequences[i], wanted));
                CHECK(cache.held() == 0);
                std::shuffle(sequences.begin(), sequences.end(), random);
            }
        }
    }

    TEST_CASE("a beginning that sequences share goes through the network once") {
        std::mt19937 random(6);
        const std::vector<Ids> sequences = random_sequences(random, 10, 12);
        for (const Pooling pooling : {Pooling::Last, Pooling::Mean}) {
            RememberingNetwork network(7, 200);
            PrefixCache cache(network.cache_rows());
            hidden_states(network, cache, sequences, {.pooling = pooling}, Reuse::SharedPrefixes);
            CHECK(network.computed == beginnings(sequences));
        }
    }

    TEST_CASE("after an earlier call a mean computes all tokens again and a last state only its last token") {
        RememberingNetwork network(8, 64);
        PrefixCache cache(network.cache_rows());
        const std::vector<engine::ScoreRequest> scored = {{{5, 6, 7, 8}, {9}}};
        engine::scheduler::score(network, cache, scored, Reuse::SharedPrefixes);
        const std::vector<Ids> sequences = {{5, 6, 7, 8, 9}};
        network.computed = 0;
        hidden_states(network, cache, sequences, {.pooling = Pooling::Last}, Reuse::SharedPrefixes);
        CHECK(network.computed == 1);
        hidden_states(network, cache, sequences, {.pooling = Pooling::Mean}, Reuse::SharedPrefixes);
        CHECK(network.computed == 1 + 5);
    }

    TEST_CASE("an empty list of sequences has no hidden states") {
        RememberingNetwork network(8, 64);
        PrefixCache cache(network.cache_rows());
        CHECK(hidden_states(network, cache, {}, {}, Reuse::SharedPrefixes).empty());
        CHECK(network.computed == 0);
    }

    TEST_CASE("after a failed batch of hidden states nothing counts as computed") {
        RememberingNetwork network(4, 64);
        PrefixCache cache(network.cache_rows());
        const std::vector<Ids> sequences = {{3, 4, 5, 6, 7, 8}, {3, 4, 9}};
        network.fail_after = 1;
        CHECK_THROWS_AS(hidden_states(network, cache, sequences, {}, Reuse::SharedPrefixes), engine::EngineError);
        CHECK(cache.find(PrefixCache::kNone, 3) == PrefixCache::kNone);
        network.fail_after = -1;
        const auto states = hidden_states(network, cache, sequences, {}, Reuse::SharedPrefixes);
        for (std::size_t i = 0; i < sequences.size(); ++i) CHECK(states[i] == expected_of(sequences[i], {}));
    }
}
