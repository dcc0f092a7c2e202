#include "harness/base/base64.hpp"

#include <doctest/doctest.h>

using harness::base::from_base64;
using harness::base::to_base64;

TEST_SUITE("base.base64") {
    TEST_CASE("the test vectors of RFC 4648 are encoded and decoded") {
        const char* const kPairs[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};
        for (const auto& pair : kPairs) {
            CHECK(to_base64(pair[0]) == pair[1]);
            CHECK(from_base64(pair[1]) == pair[0]);
        }
    }

    TEST_CASE("all bytes survive and other text is rejected") {
        std::string bytes;
        for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
        CHECK(from_base64(to_base64(bytes)) == bytes);
        for (const char* wrong : {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9v!A==", "Zm9\n"}) {
            CAPTURE(std::string(wrong));
            CHECK_FALSE(from_base64(wrong).has_value());
        }
    }
}
