#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/architecture/rooms.hpp"

using architecture::included;
using architecture::Line;
using architecture::Table;

namespace {

/// The root has types and declarations; each function is defined in the folder that does the work.
const Table kSuites = {
    {"suites", {}},
    {"suites/transforms", {"suites"}},
    {"suites/data", {"suites", "suites/transforms"}},
    {"suites/definition", {"suites", "suites/transforms", "suites/data"}},
    {"suites/rendering", {"suites", "suites/transforms", "suites/data", "suites/definition"}},
    {"suites/grading", {"suites", "suites/transforms", "suites/data", "suites/definition"}},
    {"suites/fetch", {"suites", "suites/transforms", "suites/data", "suites/definition", "suites/rendering"}},
    {"suites/published", {"suites", "suites/data"}},
};

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a room of suites includes only the rooms that it may know") {
        architecture::check_table(kSuites, "suites");
    }

    TEST_CASE("other folders see only the headers in the root of suites") {
        std::size_t seen = 0;
        for (const char* folder : {"harness", "safety", "reports", "engine"}) {
            for (const Line& line : architecture::lines_under(folder)) {
                const std::string_view target = included(line.text);
                if (!target.starts_with("suites/")) continue;
                ++seen;
                INFO(line.file, " includes ", std::string(target));
                CHECK(target.find('/', std::string_view("suites/").size()) == std::string_view::npos);
            }
        }
        CHECK(seen > 10);
    }
}
