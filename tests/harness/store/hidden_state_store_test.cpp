#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

using Tokens = std::vector<std::int32_t>;
using State = std::vector<float>;

const HiddenStateSource kSource = {"f00d", "exact-4", "llvmpipe", 4, "mean"};

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("hidden states are found by source and tokens with the same bits") {
        const Temporary folder;
        const std::vector<Tokens> sequences = {{1, 5, 7}, {1, 5}};
        const std::vector<State> states = {{0.1F, -0.0F, std::numeric_limits<float>::denorm_min()}, {1, 2, 3}};
        {
            const Database database(folder / "a.sqlite", OpenMode::Create);
            HiddenStateStore store(database);
            store.add(store.source(kSource), sequences, states);
        }
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        HiddenStateStore store(database);
        const std::int64_t source = store.source(kSource);
        const std::optional<State> found = store.find(source, sequences[0], 3);
        REQUIRE(found.has_value());
        CHECK(std::signbit((*found)[1]));
        CHECK(*found == states[0]);
        CHECK(store.find(source, sequences[1], 3) == states[1]);
        CHECK_FALSE(store.find(source, Tokens{5, 1}, 3).has_value());
    }

    TEST_CASE("everything that changes a state is another source") {
        const Database database = Database::temporary();
        HiddenStateStore store(database);
        const std::int64_t source = store.source(kSource);
        CHECK(store.source(kSource) == source);
        HiddenStateSource other[] = {kSource, kSource, kSource, kSource, kSource};
        other[0].fingerprint = "beef";
        other[1].numerics = "fast-3";
        other[2].device = "another";
        other[3].layer = 3;
        other[4].pooling = "last";
        store.add(source, std::vector<Tokens>{{1}}, std::vector<State>{{1}});
        for (const HiddenStateSource& one : other) {
            CHECK(store.source(one) != source);
            CHECK_FALSE(store.find(store.source(one), Tokens{1}, 1).has_value());
        }
    }

    TEST_CASE("a state of another width is computed again and replaced") {
        const Database database = Database::temporary();
        HiddenStateStore store(database);
        const std::int64_t source = store.source(kSource);
        store.add(source, std::vector<Tokens>{{1}}, std::vector<State>{{1, 2}});
        CHECK_FALSE(store.find(source, Tokens{1}, 3).has_value());
        store.add(source, std::vector<Tokens>{{1}}, std::vector<State>{{4, 5, 6}});
        CHECK(store.find(source, Tokens{1}, 3) == State{4, 5, 6});
    }

    TEST_CASE("a state that no model gives is computed again") {
        const Database database = Database::temporary();
        HiddenStateStore store(database);
        const std::int64_t source = store.source(kSource);
        for (const float value : {NAN, INFINITY}) {
            store.add(source, std::vector<Tokens>{{1}}, std::vector<State>{{0, value}});
            CHECK_FALSE(store.find(source, Tokens{1}, 2).has_value());
        }
    }

    TEST_CASE("another pooling is refused") {
        const Database database = Database::temporary();
        HiddenStateStore store(database);
        HiddenStateSource other = kSource;
        other.pooling = "first";
        CHECK_THROWS_AS(store.source(other), StoreError);
    }
}
