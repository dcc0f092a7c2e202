#include "suites/data/python_random.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <set>

namespace suites::data {

PythonRandom::PythonRandom(std::uint64_t seed) {
    // Matsumoto and Nishimura's init_by_array, with the 32-bit words of the seed as key.
    std::vector<std::uint32_t> key = {static_cast<std::uint32_t>(seed)};
    if (seed >> 32 != 0) key.push_back(static_cast<std::uint32_t>(seed >> 32));
    state_[0] = 19650218;
    for (std::uint32_t i = 1; i < 624; ++i) state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    std::size_t i = 1;
    std::size_t j = 0;
    const auto advance = [this, &i] {
        if (++i < 624) return;
        state_[0] = state_[623];
        i = 1;
    };
    for (std::size_t k = 0; k < 624; ++k) {
        state_[i] =
            (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525U)) + key[j] + static_cast<std::uint32_t>(j);
        advance();
        j = (j + 1) % key.size();
    }
    for (std::size_t k = 0; k < 623; ++k) {
        state_[i] =
            (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941U)) - static_cast<std::uint32_t>(i);
        advance();
    }
    state_[0] = 0x80000000U;
}

std::uint32_t PythonRandom::next() {
    if (position_ == 624) {
        for (std::size_t i = 0; i < 624; ++i) {
            const std::uint32_t y = (state_[i] & 0x80000000U) | (state_[(i + 1) % 624] & 0x7FFFFFFFU);
            state_[i] = state_[(i + 397) % 624] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DFU : 0U);
        }
        position_ = 0;
    }
    std::uint32_t y = state_[position_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9D2C5680U;
    y ^= (y << 15) & 0xEFC60000U;
    return y ^ (y >> 18);
}

std::uint64_t PythonRandom::below(std::uint64_t limit) {
    const auto bits = static_cast<int>(std::bit_width(limit));
    std::uint64_t value = 0;
    do {
        value = next() >> (32 - bits);
    } while (value >= limit);
    return value;
}

std::vector<std::size_t> PythonRandom::sample(std::size_t population, std::size_t count) {
    std::size_t set_size = 21;
    if (count > 5) {
        std::size_t power = 1;
        while (power < 3 * count) power *= 4;
        set_size += power;
    }
    std::vector<std::size_t> result;
    if (population <= set_size) {
        std::vector<std::size_t> pool(population);
        std::iota(pool.begin(), pool.end(), std::size_t{0});
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t j = below(population - i);
            result.push_back(pool[j]);
            pool[j] = pool[population - i - 1];
        }
        return result;
    }
    std::set<std::size_t> selected;
    while (result.size() < count) {
        const std::size_t j = below(population);
        if (selected.insert(j).second) result.push_back(j);
    }
    return result;
}

}  // namespace suites::data
