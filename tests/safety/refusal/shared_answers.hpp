#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

/// Checks that `refuses` agrees with a person's label of each answer in the shared cases; says 'skipped' without them.
template <class Refuses>
void check_shared_answers(const Refuses& refuses) {
    const char* shared = std::getenv("BELLWETHER_SHARED");
    std::ifstream file((shared != nullptr ? std::string(shared) : std::string(BELLWETHER_SOURCE_DIR) + "/../shared") +
                       "/cases/10-refusals/answers.jsonl");
    if (!file) {
        MESSAGE("skipped: BELLWETHER_SHARED has no labelled answers");
        return;
    }
    std::size_t read = 0;
    for (std::string line; std::getline(file, line); ++read) {
        const auto row = nlohmann::json::parse(line);
        CAPTURE(line);
        CHECK(refuses(row.at("text").get<std::string>()) == row.at("refusal").get<bool>());
    }
    CHECK(read == 6);
}
