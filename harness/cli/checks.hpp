#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

/// What CLI11's own checks let through. Each gives the complaint, empty when there is none.
namespace harness::cli {

/// For unsigned options: the library reads -1 as the largest number there is, and cuts what is larger still.
inline std::string check_whole_number(const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool right = error == std::errc() && end == text.data() + text.size();
    return right ? "" : fmt::format("'{}' is no whole number from 0 to 18446744073709551615", text);
}

/// For counts of which there must be one at least.
inline std::string check_count(const std::string& text) {
    const std::string complaint = check_whole_number(text);
    return complaint.empty() && std::strtoull(text.c_str(), nullptr, 10) == 0 ? "'0' is too few; 1 is the least"
                                                                              : complaint;
}

/// Every comparison with a NaN is false, so that no range leaves it out.
inline std::string check_no_nan(const std::string& text) {
    return std::isnan(std::strtod(text.c_str(), nullptr)) ? fmt::format("'{}' is no number", text) : "";
}

inline std::string check_not_empty(const std::string& text) {
    return text.empty() ? "it is empty" : "";
}

}  // namespace harness::cli
