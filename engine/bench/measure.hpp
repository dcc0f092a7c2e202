#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace engine::bench {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Work that ran before a measurement. After SameKind the kernels are compiled already.
enum class Before { Nothing, SameKind };

/// Median time of several passes of `work` after a warm-up pass: five passes, or three when they take long. After
/// Before::SameKind, passes of more than two seconds need no warm-up, and the mean of two is returned. [s]
template <class Work>
double median_seconds(const Work& work, Before before = Before::Nothing) {
    constexpr std::size_t kPasses = 5;
    constexpr double kLongEnough = 6;  // seconds
    constexpr double kLong = 2;
    const auto timed = [&work] {
        const auto start = std::chrono::steady_clock::now();
        work();
        return seconds_since(start);
    };
    const double first = timed();
    if (before == Before::SameKind && first > kLong) return (first + timed()) / 2;
    std::vector<double> seconds;
    double total = 0;
    while (seconds.size() < kPasses && (seconds.size() < 3 || total < kLongEnough)) {
        seconds.push_back(timed());
        total += seconds.back();
    }
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::nth_element(seconds.begin(), middle, seconds.end());
    return *middle;
}

}  // namespace engine::bench
