#include "harness/web/rate_limit.hpp"

#include <algorithm>

namespace harness::web {
namespace {

/// Buckets kept, at most: a sender that changes its address must not fill the memory.
constexpr std::size_t kMaxBuckets = 20000;

}  // namespace

double RateLimit::tokens_of(const Bucket& bucket, Time now) const {
    const double passed = std::chrono::duration<double>(now - bucket.filled).count();
    return std::min(allowance_.burst, bucket.tokens + passed * allowance_.per_second);
}

void RateLimit::forget_full(Time now) {
    std::erase_if(buckets_, [&](const auto& entry) { return tokens_of(entry.second, now) >= allowance_.burst; });
    if (buckets_.size() >= kMaxBuckets) buckets_.clear();
}

bool RateLimit::allows(const std::string& sender, Time now) {
    if (allowance_.per_second <= 0) return true;
    if (buckets_.size() >= kMaxBuckets) forget_full(now);
    Bucket& bucket = buckets_.try_emplace(sender, Bucket{allowance_.burst, now}).first->second;
    bucket.tokens = tokens_of(bucket, now);
    bucket.filled = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}

}  // namespace harness::web
