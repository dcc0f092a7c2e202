#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace engine::llama {

/// Calls work(first, end) in parallel for consecutive parts of the range [0, count), at most one part per processor.
/// Parts begin at multiples of `grain`. `work` must not throw.
template <class Work>
void parallel_for(std::size_t count, std::size_t grain, const Work& work) {
    const std::size_t grains = (count + grain - 1) / grain;
    const std::size_t threads =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, std::max<std::size_t>(grains, 1));
    std::vector<std::jthread> others;
    for (std::size_t part = 1; part < threads; ++part) {
        others.emplace_back([=, &work] {
            work(grains * part / threads * grain, std::min(count, grains * (part + 1) / threads * grain));
        });
    }
    work(0, std::min(count, grains * 1 / threads * grain));
}

}  // namespace engine::llama
