#include <doctest/doctest.h>

#include "tests/architecture/rooms.hpp"

namespace {

/// The rooms of reports, from plain structs up to the formats that people read.
const architecture::Table kReports = {
    {"reports/data", {}},
    {"reports/text", {}},
    {"reports/templates", {}},
    {"reports/statistics", {"reports/data"}},
    {"reports/sections", {"reports/data", "reports/statistics", "reports/text"}},
    {"reports/gate", {"reports/data", "reports/sections", "reports/statistics", "reports/text"}},
    {"reports/formats",
     {"reports/data", "reports/gate", "reports/sections", "reports/statistics", "reports/templates", "reports/text"}},
};

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a room of reports includes only the rooms below it") {
        architecture::check_table(kReports, "reports");
    }
}
