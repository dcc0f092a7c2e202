#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

namespace harness::web {

/// How many requests a sender may make: `burst` at once, then `per_second`. per_second 0: no limit.
struct Allowance {
    double per_second = 0;
    double burst = 0;
};

/// Token buckets, one for each sender. For one thread only.
class RateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit RateLimit(Allowance allowance) : allowance_(allowance) {}
    /// Counts a request; false: it is one too many.
    bool allows(const std::string& sender, Time now);

private:
    struct Bucket {
        double tokens = 0;
        Time filled = {};
    };
    double tokens_of(const Bucket& bucket, Time now) const;
    void forget_full(Time now);

    Allowance allowance_;
    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace harness::web
