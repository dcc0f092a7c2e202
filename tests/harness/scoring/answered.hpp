#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/harness/store/rows.hpp"

/// An item with answers.
inline harness::store::ItemRow answered(std::uint64_t doc, const std::vector<std::string>& answers) {
    harness::store::ItemRow row = item(doc);
    row.document_json = "{\"doc\":" + std::to_string(doc) + "}";
    for (const std::string& answer : answers)
        row.requests.push_back({.kind = "generate", .context = "Q", .output = answer, .finish = "eos"});
    return row;
}
