#pragma once

#include <stdexcept>

namespace safety::reward {

/// Features, pairs or settings from which no reward model can be trained or evaluated, or a file that is not a head.
class RewardError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace safety::reward
