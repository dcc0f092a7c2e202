#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace suites::data {

/// The part of CPython's `random.Random(seed)` that few-shot sampling needs: MT19937 seeded by `init_by_array`,
/// `getrandbits` and `sample`. Bit-compatible, so that few-shot examples equal those of lm-evaluation-harness.
class PythonRandom {
public:
    explicit PythonRandom(std::uint64_t seed);

    /// The next 32-bit output of the generator.
    std::uint32_t next();
    /// `sample(range(population), count)`: distinct indices in the order of sampling. count <= population.
    std::vector<std::size_t> sample(std::size_t population, std::size_t count);

private:
    std::uint64_t below(std::uint64_t limit);

    std::array<std::uint32_t, 624> state_ = {};
    std::size_t position_ = 624;
};

}  // namespace suites::data
