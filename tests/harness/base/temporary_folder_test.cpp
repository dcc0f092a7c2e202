#include "harness/base/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "harness/base/work_error.hpp"
#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::TemporaryFolder;

TEST_SUITE("harness.base.temporary_folder") {
    TEST_CASE("a temporary folder is private and removed with its files") {
        std::string path;
        {
            const TemporaryFolder folder;
            const TemporaryFolder other;
            path = folder.path();
            CHECK(other.path() != path);
            CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms::owner_all);
            put(path + "/file", "x");
        }
        CHECK_FALSE(std::filesystem::exists(path));
    }

    TEST_CASE("a temporary folder is below TMPDIR and an invalid TMPDIR is reported") {
        const Temporary place;
        CHECK(in_child([&] {
                  setenv("TMPDIR", place.path().c_str(), 1);
                  if (!TemporaryFolder().path().starts_with(place.path())) return 1;
                  setenv("TMPDIR", (place / "missing").c_str(), 1);
                  try {
                      const TemporaryFolder folder;
                  } catch (const harness::base::WorkError& error) {
                      return std::string(error.what()).find("set TMPDIR") != std::string::npos ? 7 : 2;
                  }
                  return 3;
              }) == 7);
    }
}
