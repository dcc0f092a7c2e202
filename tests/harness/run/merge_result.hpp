#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/run/merge.hpp"

/// Merges databases that must hold all items: "merged", or why not.
inline std::string merge_result(const std::string& out, const std::vector<std::string>& databases) {
    try {
        harness::run::merge(out, databases, harness::run::MissingItems::Refused);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "merged";
}
