#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace engine {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Median seconds of several passes of `work`, after one that is not counted: five, or three when they take long.
template <class Work>
double median_seconds(const Work& work) {
    constexpr std::size_t kPasses = 5;
    constexpr double kLongEnough = 6;  // seconds
    work();
    std::vector<double> seconds;
    double total = 0;
    while (seconds.size() < kPasses && (seconds.size() < 3 || total < kLongEnough)) {
        const auto start = std::chrono::steady_clock::now();
        work();
        seconds.push_back(seconds_since(start));
        total += seconds.back();
    }
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::nth_element(seconds.begin(), middle, seconds.end());
    return *middle;
}

}  // namespace engine
