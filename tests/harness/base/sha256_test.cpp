#include "harness/base/sha256.hpp"

#include <doctest/doctest.h>

#include "harness/base/work_error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::Sha256;
using harness::base::sha256_hex;

TEST_SUITE("harness.base.sha256") {
    // The examples of FIPS 180-2, appendix B, and of the empty message.
    TEST_CASE("digests equal those that the standard publishes") {
        CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }

    TEST_CASE("a digest can be taken in between and bytes added afterwards") {
        Sha256 sum;
        for (int i = 0; i < 1000; ++i) {
            if (i == 500) CHECK(sum.hex() == sha256_hex(std::string(500000, 'a')));
            sum.add(std::string(1000, 'a'));
        }
        CHECK(sum.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    TEST_CASE("a file is hashed in blocks and a missing one is named") {
        const Temporary folder;
        put(folder / "million", std::string(1000000, 'a'));
        CHECK(harness::base::sha256_of_file(folder / "million") ==
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
        CHECK_THROWS_WITH_AS(harness::base::sha256_of_file(folder / "none"), (folder / "none: cannot be read").c_str(),
                             harness::base::WorkError);
    }
}
