#pragma once

#include <string>
#include <vector>

#include "safety/reward/pair.hpp"
#include "suites/request.hpp"

namespace harness::scoring {

/// Two answers to one prompt, of which a person preferred one.
struct PreferencePair {
    std::string where = {};              ///< "FILE: row N", for messages
    std::vector<suites::Message> turns;  ///< the conversation that was answered; its last turn is the user's
    std::string chosen;
    std::string rejected;
    safety::reward::Strength strength = safety::reward::Strength::Unknown;
    safety::reward::SafetyBin bin = safety::reward::SafetyBin::Unknown;
};

}  // namespace harness::scoring
