#include <doctest/doctest.h>

#include <array>
#include <span>
#include <vector>

#include "engine/base/sha256.hpp"

using engine::base::sha256_hex;

TEST_SUITE("engine.base") {
    TEST_CASE("a SHA-256 sum reports every byte that it does not need any more") {
        const std::vector<std::byte> bytes((std::size_t{8} << 20) + 5);
        const std::array<std::span<const std::byte>, 2> pieces = {std::span(bytes), std::span(bytes).first(3)};
        std::size_t hashed = 0;
        sha256_hex(pieces, [&](std::span<const std::byte> part) { hashed += part.size(); });
        CHECK(hashed == bytes.size() + 3);
    }

    TEST_CASE("SHA-256 sums are those of FIPS 180-4") {
        CHECK(sha256_hex(std::span<const std::byte>()) ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(sha256_hex(std::as_bytes(std::span("abc", 3))) ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
