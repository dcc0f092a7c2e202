#include "harness/results/error_summary.hpp"

#include <doctest/doctest.h>

using harness::results::error_summary;

TEST_SUITE("results.errors") {
    TEST_CASE("messages that differ in their numbers only are one reason with their ranges") {
        const auto reasons = error_summary(
            {{.doc = 9, .message = "the prompt is 17 tokens too long for the context of 128"},
             {.doc = 4, .message = "out of memory"},
             {.doc = 2, .message = "the prompt is 3 tokens too long for the context of 128"},
             {.doc = 5, .message = "the prompt is 5 tokens too long for the context of 128", .items = 4}});
        REQUIRE(reasons.size() == 2);
        CHECK(reasons[0].reason == "the prompt is 3 to 17 tokens too long for the context of 128");
        CHECK(reasons[0].items == 6);
        CHECK(reasons[0].first_doc == 2);
        CHECK(reasons[1].reason == "out of memory");
        CHECK(reasons[1].items == 1);
    }

    TEST_CASE("digits in names and numbers beyond 64 bits are not grouped") {
        const auto reasons = error_summary({{.doc = 0, .message = "sha256 of 99999999999999999999 in q4_0"},
                                            {.doc = 1, .message = "sha512 of 99999999999999999998 in q4_0"}});
        REQUIRE(reasons.size() == 2);
        CHECK(reasons[0].reason == "sha256 of 99999999999999999999 in q4_0");
        CHECK(error_summary({}).empty());
    }
}
