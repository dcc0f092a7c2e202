#pragma once

#include <span>
#include <string>
#include <utility>

namespace harness::results {

/// Coefficients of agreement by their stored names, with the words for people, in the order in which they are shown.
std::span<const std::pair<const char*, const char*>> agreement_titles();

/// A coefficient of this name: "0.913", or "91.3 %" for a share.
std::string estimate_text(const std::string& name, double value);
/// Its interval: "0.901 to 0.925", or "90.1 to 92.5 %".
std::string interval_text(const std::string& name, double low, double high);

}  // namespace harness::results
