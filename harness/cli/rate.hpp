#pragma once

#include <cstdint>

namespace harness::cli {

/// Speed of work as a moving average in which older work counts less, so that the remaining time follows a change of
/// pace but does not jump with every batch.
class Rate {
public:
    /// Adds `count` units done in `seconds`, the time since the call before.
    void add(std::uint64_t count, double seconds);
    /// 0 before the first call.
    double per_second() const { return seconds_ > 0 ? count_ / seconds_ : 0; }

private:
    double count_ = 0;
    double seconds_ = 0;
};

}  // namespace harness::cli
