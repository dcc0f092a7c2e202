#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/base/gmac.hpp"
#include "engine/base/hex.hpp"

using engine::base::gmac_hex;
using engine::base::MacKey;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

std::string gmac_of(const std::vector<std::string>& texts, const MacKey& key = {}) {
    std::vector<std::span<const std::byte>> pieces;
    pieces.reserve(texts.size());
    for (const std::string& text : texts) pieces.push_back(bytes_of(text));
    return gmac_hex(key, pieces);
}

}  // namespace

TEST_SUITE("engine.base") {
    TEST_CASE("authentication codes are those of GCM without a plaintext") {
        // "The Galois/Counter Mode of Operation" (McGrew, Viega), test case 1.
        CHECK(gmac_of({}) == "58e2fccefa7e3061367f1d57a4e7455a");
        // By multiplication in GF(2^128) with the hash key of that test case, in a few lines of Python.
        CHECK(gmac_of({"abc"}) == "258281014dcf7bc2eac3be27cc039fb4");
        CHECK(gmac_of({"weights of a model, in pieces"}) == "40928db965cc05cab71a0f1590011e96");
    }

    TEST_CASE("authentication codes depend on the key and not on where a text is cut") {
        const std::string whole = gmac_of({"weights of a model, in pieces"});
        CHECK(gmac_of({"weights of a mod", "", "el, in pieces"}) == whole);
        CHECK(gmac_of({"weights of a model, in pieces"}, engine::base::random_key()) != whole);
    }

    TEST_CASE("an authentication code reports every byte that it does not need any more") {
        const std::vector<std::byte> bytes((std::size_t{8} << 20) + 5);
        const std::array<std::span<const std::byte>, 2> pieces = {std::span(bytes), std::span(bytes).first(3)};
        std::size_t read = 0;
        gmac_hex({}, pieces, [&](std::span<const std::byte> part) { read += part.size(); });
        CHECK(read == bytes.size() + 3);
    }

    TEST_CASE("random keys differ") {
        CHECK(engine::base::random_key() != engine::base::random_key());
    }

    TEST_CASE("hexadecimal digits are read back as the bytes that they were made of and anything else is refused") {
        const std::array<std::byte, 3> bytes = {std::byte{0x00}, std::byte{0x9a}, std::byte{0xff}};
        CHECK(engine::base::to_hex(bytes) == "009aff");
        std::array<std::byte, 3> back = {};
        CHECK(engine::base::from_hex("009aff", back));
        CHECK(back == bytes);
        for (const char* wrong : {"", "009af", "009aff0", "009AFF", "009a f", "0x9aff"}) {
            CAPTURE(wrong);
            CHECK_FALSE(engine::base::from_hex(wrong, back));
        }
    }
}
