#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"

/// An item with answers, and without a reference answer.
inline harness::store::ItemRow answered(std::uint64_t doc, const std::vector<std::string>& answers) {
    harness::store::ItemRow row;
    row.doc = doc;
    row.document_json = "{\"doc\":" + std::to_string(doc) + "}";
    for (const std::string& answer : answers)
        row.requests.push_back({.kind = "generate", .context = "Q", .output = answer, .finish = "eos"});
    return row;
}
