#include "harness/base/read_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>

#include "harness/base/usage_error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::read_file;
using harness::base::UsageError;

TEST_SUITE("harness.base.read_file") {
    TEST_CASE("every byte of a file is read") {
        const Temporary folder;
        const std::string bytes = std::string("a\0\xFF\r\n", 5) + std::string(200001, 'x');
        put(folder / "f", bytes);
        CHECK(read_file(folder / "f") == bytes);
        put(folder / "f", "");
        CHECK(read_file(folder / "f") == "");
    }

    TEST_CASE("a pipe is read to its end") {
        const Temporary folder;
        REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
        std::thread writer([&] { put(folder / "p", std::string(150000, 'y')); });
        CHECK(read_file(folder / "p") == std::string(150000, 'y'));
        writer.join();
    }

    TEST_CASE("a missing file and a folder and a file that is too large are usage errors") {
        const Temporary folder;
        put(folder / "ten", "0123456789");
        CHECK(read_file(folder / "ten", 10).size() == 10);
        CHECK_THROWS_WITH_AS(read_file(folder / "ten", 9),
                             (folder / "ten: larger than 9 bytes, the limit for a text file").c_str(), UsageError);
        CHECK_THROWS_WITH_AS(read_file(folder / "none"), (folder / "none: no such file").c_str(), UsageError);
        CHECK_THROWS_WITH_AS(read_file(folder / "ten/x"), (folder / "ten/x: no such file").c_str(), UsageError);
        CHECK_THROWS_WITH_AS(read_file(folder.path()), (folder.path() + ": is a folder, expected a file").c_str(),
                             UsageError);
        // Endless, and without a size that could be checked first.
        CHECK_THROWS_AS(read_file("/dev/zero", 1000000), UsageError);
    }
}
