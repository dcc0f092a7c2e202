#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace harness::web {

/// Why a connection or request was turned away before any handler saw it.
enum class Refusal { Malformed, TooLarge, TooSlow, TooMany, Connections };
inline constexpr std::size_t kRefusals = 5;
std::string_view to_string(Refusal refusal);

/// Counters of the server since it started. Safe on any thread.
class Metrics {
public:
    using Duration = std::chrono::steady_clock::duration;

    void add_request(std::string_view route, unsigned status, Duration time);
    void add_refusal(Refusal refusal);
    void connection_opened();
    void connection_closed();

    /// In the text format that Prometheus reads (version 0.0.4).
    std::string text() const;

private:
    /// Upper bounds of the histogram's buckets. [s]
    static constexpr std::array kBounds = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0};
    struct Route {
        std::map<unsigned, std::uint64_t> by_status;
        std::array<std::uint64_t, kBounds.size()> buckets = {};  ///< not cumulated
        std::uint64_t requests = 0;
        double seconds = 0;
    };

    mutable std::mutex mutex_;
    std::map<std::string, Route, std::less<>> routes_;
    std::array<std::uint64_t, kRefusals> refusals_ = {};
    std::uint64_t opened_ = 0;
    std::uint64_t closed_ = 0;
};

}  // namespace harness::web
