#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "harness/store/run_store.hpp"

namespace harness::results {

/// Settings that distinguish runs of the same variant in a list of runs, by run id: "few-shot seed 5, prompt \"Q:
/// {{q}}\"". Hostile text. Runs whose variant no other run has, and runs without a differing setting, are left out.
std::map<std::int64_t, std::string> distinguishing_settings(const store::RunStore& runs);

}  // namespace harness::results
