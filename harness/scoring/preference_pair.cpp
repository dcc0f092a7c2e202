#include "harness/scoring/preference_pair.hpp"

namespace harness::scoring {

std::string_view name_of(safety::reward::Strength strength) {
    using safety::reward::Strength;
    switch (strength) {
        case Strength::Significantly: return "significantly";
        case Strength::Better: return "better";
        case Strength::Slightly: return "slightly";
        case Strength::Negligible: return "negligible";
        case Strength::Unknown: break;
    }
    return "unknown";
}

std::string_view name_of(safety::reward::SafetyBin bin) {
    using safety::reward::SafetyBin;
    switch (bin) {
        case SafetyBin::ChosenSafe: return "chosen_safe";
        case SafetyBin::BothSafe: return "both_safe";
        case SafetyBin::BothUnsafe: return "both_unsafe";
        case SafetyBin::ChosenUnsafe: return "chosen_unsafe";
        case SafetyBin::Unknown: break;
    }
    return "unknown";
}

}  // namespace harness::scoring
