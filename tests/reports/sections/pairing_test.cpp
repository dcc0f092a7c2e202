#include "reports/sections/pairing.hpp"

#include <doctest/doctest.h>

using reports::data::Documents;
using reports::sections::pair_documents;
using reports::sections::Pairing;
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

namespace {

Documents documents(const std::vector<std::uint64_t>& contents, const std::vector<std::uint64_t>& rows) {
    Documents of;
    for (std::uint64_t i = 0; i < contents.size(); ++i) of.numbers.push_back(i);
    of.contents = contents;
    of.rows = rows;
    return of;
}

}  // namespace

TEST_SUITE("reports.pairing") {
    TEST_CASE("copies of one document are paired in order") {
        const Pairing pairing = pair_documents(documents({5, 6, 5, 5}, {}), documents({5, 5, 7, 6}, {}));
        CHECK(pairing.by == Pairing::By::Content);
        CHECK(pairing.pairs == Pairs{{0, 0}, {1, 3}, {2, 1}});
        CHECK(pairing.only_a == std::vector<std::size_t>{3});
        CHECK(pairing.only_b == std::vector<std::size_t>{2});
    }

    TEST_CASE("documents without content are paired by number") {
        Documents numbered;
        numbered.numbers = {3, 1};
        Documents other;
        other.numbers = {1, 2, 3};
        const Pairing pairing = pair_documents(numbered, other);
        CHECK(pairing.by == Pairing::By::Number);
        CHECK(pairing.pairs == Pairs{{0, 2}, {1, 0}});
        CHECK(pairing.only_b == std::vector<std::size_t>{1});
    }

    TEST_CASE("an imported run is paired by its rows whatever it wrote as the correct answer") {
        Documents imported = documents({50, 60}, {1, 2});
        imported.imported = true;
        const Pairing pairing = pair_documents(documents({5, 6}, {2, 1}), imported);
        CHECK(pairing.by == Pairing::By::Row);
        CHECK(pairing.pairs == Pairs{{0, 1}, {1, 0}});
        imported.rows = {3, 4};  // another tool may store other columns
        CHECK(pair_documents(documents({5, 6}, {2, 1}), imported).by == Pairing::By::Number);
        CHECK(pair_documents(documents({5, 6}, {2, 1}), imported).pairs == Pairs{{0, 0}, {1, 1}});
    }

    TEST_CASE("two runs of Bellwether without a common document are not paired by number") {
        const Pairing pairing = pair_documents(documents({5, 6}, {1, 2}), documents({7, 8}, {3, 4}));
        CHECK(pairing.pairs.empty());
        CHECK(pairing.only_a.size() == 2);
        CHECK(pairing.only_b.size() == 2);
    }
}
