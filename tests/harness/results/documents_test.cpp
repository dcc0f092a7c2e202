#include "harness/results/documents.hpp"

#include <doctest/doctest.h>

using namespace harness;
using results::documents_of;

namespace {

store::DocumentRow stored_item(std::uint64_t doc, const std::string& document, const std::string& target) {
    return {doc, document, target};
}

}  // namespace

TEST_SUITE("results.documents") {
    TEST_CASE("a row is the same whatever the order of its keys and its number") {
        const auto documents =
            documents_of({stored_item(0, R"({"q": "x", "n": 1})", "0"), stored_item(7, R"({"n":1,"q":"x"})", "0"),
                          stored_item(8, R"({"n":2,"q":"x"})", "0")},
                         false);
        CHECK(documents.numbers == std::vector<std::uint64_t>{0, 7, 8});
        CHECK(documents.contents[0] == documents.contents[1]);
        CHECK(documents.contents[0] != documents.contents[2]);
    }

    TEST_CASE("another correct answer is another content of the same row") {
        const auto documents =
            documents_of({stored_item(0, R"({"q": "x"})", "0"), stored_item(1, R"({"q": "x"})", "1")}, false);
        CHECK(documents.rows[0] == documents.rows[1]);
        CHECK(documents.contents[0] != documents.contents[1]);
    }

    TEST_CASE("the boundary between row and answer is part of the content") {
        const auto documents =
            documents_of({stored_item(0, "not JSON a", "b"), stored_item(1, "not JSON ", "ab")}, false);
        CHECK(documents.contents[0] != documents.contents[1]);
    }
}
