#include <doctest/doctest.h>

#include "tests/architecture/rooms.hpp"

namespace {

/// The folders of the harness. base includes no other; the command line includes all of them.
const architecture::Table kHarness = {
    {"harness/base", {}},
    {"harness/download", {"harness/base"}},
    {"harness/store", {"harness/base"}},
    {"harness/model", {"harness/base"}},
    {"harness/ladder", {"harness/base", "harness/model"}},
    {"harness/sandbox", {"harness/base"}},
    {"harness/scoring", {"harness/base", "harness/model", "harness/store"}},
    {"harness/results", {"harness/base", "harness/store"}},
    {"harness/study", {"harness/base", "harness/store"}},
    {"harness/run", {"harness/base", "harness/model", "harness/store", "harness/sandbox"}},
    {"harness/web", {"harness/base", "harness/store", "harness/results", "harness/study"}},
    {"harness/interchange", {"harness/base", "harness/store", "harness/results", "harness/run", "harness/scoring"}},
    {"harness/cli",
     {"harness/base", "harness/download", "harness/store", "harness/model", "harness/sandbox", "harness/results",
      "harness/scoring", "harness/interchange", "harness/run", "harness/study", "harness/web", "harness/ladder"}},
};

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a room of the harness includes only the rooms below it") {
        architecture::check_table(kHarness, "harness");
    }
}
