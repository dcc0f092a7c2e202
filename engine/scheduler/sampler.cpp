#include "engine/scheduler/sampler.hpp"

namespace engine::scheduler {
namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection whose output bits all depend on all input bits.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

}  // namespace

float uniform(const Sampling& sampling, std::uint64_t position) {
    std::uint64_t state = mix(sampling.seed);
    state = mix(state ^ sampling.item);
    state = mix(state ^ sampling.sample);
    state = mix(state ^ position);
    return static_cast<float>(state >> 40) * 0x1p-24F;
}

}  // namespace engine::scheduler
