#pragma once

#include <cstdint>

namespace harness::cli {

/// How fast work is done: a mean in which what was done a while ago counts less, so that the time left follows a
/// change of pace but does not jump with every batch.
class Rate {
public:
    /// `count` more is done, `seconds` after the call before.
    void add(std::uint64_t count, double seconds);
    /// 0 before the first call.
    double per_second() const { return seconds_ > 0 ? count_ / seconds_ : 0; }

private:
    double count_ = 0;
    double seconds_ = 0;
};

}  // namespace harness::cli
