#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include "engine/scheduler/sampler.hpp"
#include "engine/shaders/kernels.hpp"
#include "engine/shaders/recorder.hpp"
#include "tests/engine/kernel_families.hpp"

namespace {

using engine::shaders::DrawRequest;
using engine::shaders::Kernel;
using engine::vulkan::Buffer;
using engine::vulkan::Texels;

/// Logits whose softmax is 0.5, 0.3, 0.15, 0.05 for ids 2, 0, 3, 1.
const std::vector<float> kLogits = {std::log(0.30F), std::log(0.05F), std::log(0.50F), std::log(0.15F)};
constexpr std::size_t kDraws = 1000;  // the kernels for GPUs take 3 ms for each on a software device

/// Runs the kernel on one row of logits, after another row so that its place matters.
class Drawer {
public:
    explicit Drawer(engine::Kernels kernels) : device_("", kernels) {}

    std::vector<std::uint32_t> draw(const std::vector<float>& logits, std::vector<DrawRequest> requests) {
        const auto vocab = static_cast<std::uint32_t>(logits.size());
        const std::uint32_t stride = (vocab + 3) / 4 * 4;
        const Buffer rows(device_, std::size_t{2} * stride * 4, Texels::Float4);
        const Buffer statistics(device_, 32, Texels::None);
        const Buffer wanted(device_, requests.size() * sizeof(DrawRequest), Texels::None);
        const Buffer ids(device_, requests.size() * 4, Texels::None);
        std::fill_n(rows.as<float>().begin(), rows.as<float>().size(), 1e30F);  // values that must not be read
        std::copy(logits.begin(), logits.end(), rows.as<float>().begin() + stride);
        for (DrawRequest& request : requests) request.row = 1;
        std::copy(requests.begin(), requests.end(), wanted.as<DrawRequest>().begin());
        const engine::shaders::LogitsPush push = {
            .vocab = vocab, .count = static_cast<std::uint32_t>(requests.size()), .stride = stride};
        recorder_.dispatch(Kernel::LogitStatistics, {&rows, &statistics}, push, 2);
        recorder_.dispatch(Kernel::Draw, {&rows, &statistics, &wanted, &ids}, push, push.count);
        recorder_.submit_and_wait();
        const auto result = ids.as<const std::uint32_t>().first(requests.size());
        return {result.begin(), result.end()};
    }

private:
    engine::shaders::Device device_;
    engine::shaders::Recorder recorder_{device_, {device_.info().subgroup_size, 1, 1}};
};

DrawRequest with(float temperature, float top_p, std::uint32_t top_k, float share = 0) {
    return {.row = 0, .inverse_temperature = 1 / temperature, .top_p = top_p, .top_k = top_k, .share = share};
}

std::array<double, 4> frequencies(Drawer& drawer, DrawRequest request) {
    const engine::Sampling key{.temperature = 1, .top_p = 1, .top_k = 0, .seed = 3, .item = 0, .sample = 0};
    std::vector<DrawRequest> requests;
    for (std::size_t position = 0; position < kDraws; ++position) {
        request.share = engine::scheduler::uniform(key, position);
        requests.push_back(request);
    }
    std::array<double, 4> share = {};
    for (const std::uint32_t id : drawer.draw(kLogits, requests)) share.at(id) += 1.0 / kDraws;
    return share;
}

/// Whether `id` is the token that `Sampling` defines, by sorting and adding in double precision; the kernel's f32 sums
/// may be off by `kSlack` of the mass.
bool is_drawn(const std::vector<float>& logits, const DrawRequest& request, std::uint32_t id) {
    constexpr double kSlack = 3e-5;
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t token = 0; token < logits.size(); ++token) order.emplace_back(-double{logits[token]}, token);
    std::sort(order.begin(), order.end());
    std::vector<double> before = {0};  // of each place
    for (const auto& [negative, token] : order)
        before.push_back(before.back() + std::exp((order[0].first - negative) * double{request.inverse_temperature}));
    const double slack = kSlack * before.back();
    const std::size_t most = request.top_k == 0 ? order.size() : std::min<std::size_t>(order.size(), request.top_k);
    const auto kept = [&](double bound) {  // places
        std::size_t count = 0;
        while (count < most && before[count] <= bound) ++count;
        return count;
    };
    const double bound = request.top_p < 1 ? double{request.top_p} * before.back() : before.back() * 2;
    const std::size_t fewest = kept(std::max(bound - slack, 0.0));
    const std::size_t largest = kept(bound + slack);
    const auto place = static_cast<std::size_t>(
        std::find_if(order.begin(), order.end(), [id](const auto& entry) { return entry.second == id; }) -
        order.begin());
    return place < largest && before[place] <= double{request.share} * before[largest] + slack &&
           before[place + 1] >= double{request.share} * before[fewest] - slack;
}

constexpr double kFourErrors = 0.064;  // 4 standard errors of a proportion near one half over 1,000 samples

/// Runs both sampling kernels.
template <class Check>
void for_both(const Check& check) {
    for (const engine::Kernels kernels : {engine::Kernels::Software, engine::Kernels::Gpu}) {
        INFO("kernels ", kernel_families::name(kernels));
        Drawer drawer(kernels);
        check(drawer);
    }
}

}  // namespace

TEST_SUITE("engine.sampler") {
    TEST_CASE("temperature one samples from the softmax") {
        for_both([](Drawer& drawer) {
            const auto share = frequencies(drawer, with(1, 1, 0));
            CHECK(share[2] == doctest::Approx(0.50).epsilon(kFourErrors).scale(1));
            CHECK(share[0] == doctest::Approx(0.30).epsilon(kFourErrors).scale(1));
            CHECK(share[1] == doctest::Approx(0.05).epsilon(kFourErrors).scale(1));
        });
    }

    TEST_CASE("a low temperature sharpens by the power of its inverse") {
        // 0.5^2 : 0.3^2 : 0.15^2 : 0.05^2, normalised
        const double total = 0.25 + 0.09 + 0.0225 + 0.0025;
        Drawer drawer(engine::Kernels::Automatic);
        const auto share = frequencies(drawer, with(0.5F, 1, 0));
        CHECK(share[2] == doctest::Approx(0.25 / total).epsilon(kFourErrors).scale(1));
        CHECK(share[0] == doctest::Approx(0.09 / total).epsilon(kFourErrors).scale(1));
    }

    TEST_CASE("top-p drops a token when the mass before it exceeds p") {
        for_both([](Drawer& drawer) {
            // The mass before the third token is 0.8: kept at p 0.81, dropped at p 0.79.
            CHECK(frequencies(drawer, with(1, 0.81F, 0))[3] > 0.1);
            const auto share = frequencies(drawer, with(1, 0.79F, 0));
            CHECK(share[3] == 0);
            CHECK(share[1] == 0);
            CHECK(share[2] == doctest::Approx(0.5 / 0.8).epsilon(kFourErrors).scale(1));
            CHECK(frequencies(drawer, with(1, 0, 0))[2] == doctest::Approx(1.0));  // the first token always stays
        });
    }

    TEST_CASE("top-k keeps the k most probable") {
        for_both([](Drawer& drawer) {
            const auto share = frequencies(drawer, with(1, 1, 2));
            CHECK(share[3] == 0);
            CHECK(share[1] == 0);
            CHECK(share[0] == doctest::Approx(0.3 / 0.8).epsilon(kFourErrors).scale(1));
        });
    }

    TEST_CASE("equal logits are ordered by their ids for sampling and for top-k and top-p") {
        for_both([](Drawer& drawer) {
            // 0 and -0 are the same number; the second most probable value has ids 1, 2, 4 and 6.
            const std::vector<float> logits = {-5, 0.0F, -0.0F, -7, 0.0F, 1, -0.0F};
            const float second = std::exp(-1.0F);
            const float all = 1 + 4 * second + std::exp(-6.0F) + std::exp(-8.0F);
            const auto middle_of = [&](int tie) { return (1 + (static_cast<float>(tie) + 0.5F) * second) / all; };
            CHECK(drawer.draw(logits, {with(1, 1, 0, 0), with(1, 1, 0, middle_of(0)), with(1, 1, 0, middle_of(1)),
                                       with(1, 1, 0, middle_of(2)), with(1, 1, 0, middle_of(3)),
                                       with(1, 1, 0, 0.9999999F)}) == std::vector<std::uint32_t>{5, 1, 2, 4, 6, 3});
            // Of the four, top-k 3 keeps ids 1 and 2; top-p 0.71 keeps ids 1, 2 and 4, since the mass before each is at
            // most that.
            CHECK(drawer.draw(logits, {with(1, 1, 3, 0.99F)}) == std::vector<std::uint32_t>{2});
            CHECK(drawer.draw(logits, {with(1, 0.71F, 0, 0.99F)}) == std::vector<std::uint32_t>{4});
            CHECK(drawer.draw(logits, {with(1, 0.71F, 3, 0.99F)}) == std::vector<std::uint32_t>{2});
            CHECK(drawer.draw(logits, {with(1, 0.5F, 3, 0.99F)}) == std::vector<std::uint32_t>{1});
            const std::vector<float> alike(1001, 2.5F);
            CHECK(drawer.draw(alike, {with(1, 1, 0, 0), with(1, 1, 0, 0.5F), with(1, 1, 10, 0.95F)}) ==
                  std::vector<std::uint32_t>{0, 500, 9});
        });
    }

    TEST_CASE("a temperature near zero samples the argmax and a high one samples uniformly") {
        for_both([](Drawer& drawer) {
            DrawRequest cold = with(1, 1, 0, 0.999F);
            cold.inverse_temperature = 1e30F;
            CHECK(drawer.draw(kLogits, {cold}) == std::vector<std::uint32_t>{2});
            CHECK(drawer.draw(kLogits, {with(1e6F, 1, 0, 0.1F), with(1e6F, 1, 0, 0.4F), with(1e6F, 1, 0, 0.6F),
                                        with(1e6F, 1, 0, 0.9F)}) == std::vector<std::uint32_t>{2, 0, 3, 1});
        });
    }

    TEST_CASE("samples match the plain definition for many logits and equal ones and wide ranges") {
        for_both([](Drawer& drawer) {
            std::mt19937 random(21);
            for (const std::size_t vocab : {1U, 2U, 3U, 37U, 512U, 1023U, 32000U}) {
                for (const float width : {0.0F, 3.0F, 400.0F}) {
                    CAPTURE(vocab);
                    CAPTURE(width);
                    std::normal_distribution<float> normal(0, std::max(width, 1e-3F));
                    std::vector<float> logits(vocab);
                    for (float& logit : logits) logit = random() % 3 == 0 ? std::round(normal(random)) : normal(random);
                    logits[random() % vocab] = -0.0F;
                    logits[random() % vocab] = 0.0F;
                    logits[random() % vocab] = -std::numeric_limits<float>::infinity();
                    logits[random() % vocab] = width;
                    std::vector<DrawRequest> requests;
                    for (std::uint32_t draw = 0; draw < 60; ++draw) {
                        const float temperature = draw % 3 == 0 ? 0.05F : draw % 3 == 1 ? 1.0F : 50.0F;
                        const auto share = static_cast<float>(random() >> 8) * 0x1p-24F;
                        requests.push_back(
                            with(temperature, draw % 4 == 0 ? 0.9F : 1.0F, draw % 5 == 0 ? 10 : 0, share));
                    }
                    const std::vector<std::uint32_t> ids = drawer.draw(logits, requests);
                    for (std::size_t i = 0; i < ids.size(); ++i) {
                        CAPTURE(i);
                        REQUIRE(ids[i] < vocab);
                        CHECK(is_drawn(logits, requests[i], ids[i]));
                    }
                }
            }
        });
    }

    TEST_CASE("a sampled token depends only on seed and item and sample and position") {
        std::set<float> seen;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            for (std::uint64_t item = 0; item < 3; ++item) {
                for (std::uint32_t sample = 0; sample < 3; ++sample) {
                    for (std::uint64_t position = 0; position < 3; ++position) {
                        const engine::Sampling key{
                            .temperature = 1, .top_p = 1, .top_k = 0, .seed = seed, .item = item, .sample = sample};
                        const float drawn = engine::scheduler::uniform(key, position);
                        CHECK(drawn == engine::scheduler::uniform(key, position));
                        CHECK(drawn >= 0);
                        CHECK(drawn < 1);
                        seen.insert(drawn);
                    }
                }
            }
        }
        CHECK(seen.size() == 81);
    }
}
