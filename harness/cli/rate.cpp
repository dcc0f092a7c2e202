#include "harness/cli/rate.hpp"

#include <cmath>

namespace harness::cli {
namespace {

constexpr double kMemorySeconds = 60;  // work done this long ago has weight 1/e

}  // namespace

void Rate::add(std::uint64_t count, double seconds) {
    const double kept = std::exp(-seconds / kMemorySeconds);
    count_ = count_ * kept + static_cast<double>(count);
    seconds_ = seconds_ * kept + seconds;
}

}  // namespace harness::cli
