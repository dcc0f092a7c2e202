#include <doctest/doctest.h>

#include "tests/architecture/rooms.hpp"

namespace {

/// The rooms of safety. None includes another: what they have in common is text and numbers.
const architecture::Table kSafety = {
    {"safety/judge", {}},
    {"safety/prompts", {}},
    {"safety/reward", {}},
};

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a room of safety includes only the rooms below it") {
        architecture::check_table(kSafety, "safety");
    }
}
