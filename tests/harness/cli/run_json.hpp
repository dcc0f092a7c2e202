#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/harness/binary.hpp"

/// What the binary prints for a call that must succeed.
inline nlohmann::json run_json(const std::vector<std::string>& arguments) {
    const Result result = run(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return nlohmann::json::parse(result.out);
}
