#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <vector>

#include "engine/vulkan/recorder.hpp"
#include "engine/vulkan/uploader.hpp"

namespace {

using engine::Transfers;
using engine::vulkan::Buffer;
using engine::vulkan::Contents;
using engine::vulkan::Device;
using engine::vulkan::Home;
using engine::vulkan::Recorder;
using engine::vulkan::Texels;
using engine::vulkan::Uploader;

std::vector<std::uint32_t> read_back(const Device& device, const Buffer& buffer, std::size_t count) {
    Recorder recorder(device, {device.info().subgroup_size, 1, 1, 1});
    const auto values = recorder.output<std::uint32_t>(buffer, count);
    recorder.submit_and_wait();
    return {values.begin(), values.end()};
}

/// Memory of this process. [bytes]
std::uint64_t resident_bytes() {
    std::ifstream status("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    status >> pages >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::vector<std::uint32_t> counting(std::size_t count) {
    std::vector<std::uint32_t> values(count);
    std::iota(values.begin(), values.end(), 1U);
    return values;
}

}  // namespace

TEST_SUITE("engine.transfers") {
    TEST_CASE("a buffer that the host cannot access starts with zeros") {
        const Device device("", Transfers::Staged);
        const Buffer buffer(device, 4000, Texels::None, Contents::Zeros, Home::Device);
        CHECK_FALSE(buffer.mapped());
        CHECK(read_back(device, buffer, 1000) == std::vector<std::uint32_t>(1000, 0));
    }

    TEST_CASE("large zeros on a CPU take memory only when they are written") {
        const Device device("");
        if (device.info().type != "CPU" || device.info().features.host_import_alignment == 0) return;
        const std::uint64_t before = resident_bytes();
        constexpr std::size_t kBytes = std::size_t{256} << 20;
        const Buffer buffer(device, kBytes, Texels::Float4, Contents::Zeros, Home::Device);
        CHECK(resident_bytes() - before < kBytes / 8);
        CHECK(buffer.size_bytes() == kBytes);
        // The device reads zeros and what the host wrote.
        buffer.as<std::uint32_t>()[1] = 5;
        CHECK(read_back(device, buffer, 3) == std::vector<std::uint32_t>{0, 5, 0});
    }

    TEST_CASE("an upload writes every byte once and in order whatever the size of its pieces") {
        constexpr std::size_t kCount = 30'000;
        const std::vector<std::uint32_t> expected = counting(kCount);
        for (const Transfers transfers : {Transfers::Automatic, Transfers::Staged}) {
            const Device device("", transfers);
            for (const std::size_t piece_bytes : {std::size_t{1}, std::size_t{1000}, std::size_t{50'000}, kCount * 8}) {
                CAPTURE(piece_bytes);
                constexpr std::size_t kGrain = 48;
                const Buffer first(device, kCount * 4, Texels::None, Contents::Undefined, Home::Device);
                const Buffer second(device, kCount * 4, Texels::None, Contents::Undefined, Home::Device);
                Uploader uploader(device, piece_bytes);
                for (const Buffer* buffer : {&first, &second}) {
                    std::size_t next = 0;
                    uploader.fill(*buffer, kGrain, [&](std::size_t offset, std::span<std::byte> piece) {
                        CHECK(offset == next);
                        CHECK((piece.size() % kGrain == 0 || offset + piece.size() == kCount * 4));
                        next = offset + piece.size();
                        const auto bytes = std::as_bytes(std::span(expected)).subspan(offset, piece.size());
                        std::copy(bytes.begin(), bytes.end(), piece.begin());
                    });
                    CHECK(next == kCount * 4);
                }
                uploader.finish();
                CHECK(read_back(device, first, kCount) == expected);
                CHECK(read_back(device, second, kCount) == expected);
            }
        }
    }

    TEST_CASE("inputs of many sizes in one submission all arrive") {
        const Device device("", Transfers::Staged);
        Recorder recorder(device, {device.info().subgroup_size, 1, 1, 1});
        for (int round = 0; round < 3; ++round) {  // staging memory grows in the first
            std::vector<Buffer> buffers;
            std::vector<std::span<const std::uint32_t>> results;
            for (const std::size_t count : {3U, 100'000U, 200'000U, 1U, 400'000U}) {
                const Buffer& buffer =
                    buffers.emplace_back(device, count * 4, Texels::None, Contents::Undefined, Home::Device);
                const auto input = recorder.input<std::uint32_t>(buffer, count);
                std::iota(input.begin(), input.end(), static_cast<std::uint32_t>(count + round));
                results.push_back(recorder.output<std::uint32_t>(buffer, count));
            }
            recorder.submit_and_wait();
            for (const auto result : results) {
                std::vector<std::uint32_t> expected(result.size());
                std::iota(expected.begin(), expected.end(), static_cast<std::uint32_t>(result.size() + round));
                CHECK(std::equal(result.begin(), result.end(), expected.begin(), expected.end()));
            }
        }
    }
}
