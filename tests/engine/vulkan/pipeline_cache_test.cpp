#include <doctest/doctest.h>

#include <vector>

#include "engine/vulkan/pipeline_cache.hpp"

using engine::vulkan::pipeline_data;
using engine::vulkan::pipeline_file;
using engine::vulkan::PipelineOwner;
using CacheBytes = std::vector<std::byte>;

namespace {

/// Data in a driver's format: 32, 1, vendor, device and UUID, then private bytes.
CacheBytes driver_data(const PipelineOwner& owner, std::uint32_t header_bytes = 32, std::uint32_t version = 1) {
    CacheBytes data;
    for (const std::uint32_t word : {header_bytes, version}) {
        for (int shift = 0; shift < 32; shift += 8) data.push_back(static_cast<std::byte>(word >> shift & 255));
    }
    data.insert(data.end(), owner.begin(), owner.end());
    for (int i = 0; i < 50; ++i) data.push_back(static_cast<std::byte>(i * 7));
    return data;
}

PipelineOwner owner_of(int seed) {
    PipelineOwner owner = {};
    for (std::size_t i = 0; i < owner.size(); ++i)
        owner[i] = static_cast<std::byte>(i * 3 + static_cast<std::size_t>(seed));
    return owner;
}

}  // namespace

TEST_SUITE("engine.pipeline cache") {
    TEST_CASE("a cache is returned only for the device and driver that it was stored for") {
        const PipelineOwner owner = owner_of(1);
        const CacheBytes data = driver_data(owner);
        const CacheBytes file = pipeline_file(data);
        const auto back = pipeline_data(file, owner);
        REQUIRE(back);
        CHECK(CacheBytes(back->begin(), back->end()) == data);
        CHECK_FALSE(pipeline_data(file, owner_of(2)));
        CHECK_FALSE(pipeline_data(pipeline_file(driver_data(owner, 31)), owner));
        CHECK_FALSE(pipeline_data(pipeline_file(driver_data(owner, 32, 2)), owner));
    }

    TEST_CASE("a changed or truncated cache file is ignored") {
        const PipelineOwner owner = owner_of(1);
        const CacheBytes file = pipeline_file(driver_data(owner));
        for (std::size_t i = 0; i < file.size(); ++i) {
            CacheBytes changed = file;
            changed[i] ^= std::byte{4};
            CHECK_FALSE(pipeline_data(changed, owner));
            CHECK_FALSE(pipeline_data(std::span(file).first(i), owner));
        }
    }
}
