#include "harness/web/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace harness::web {

std::string_view to_string(Refusal refusal) {
    switch (refusal) {
        case Refusal::Malformed: return "malformed";
        case Refusal::TooLarge: return "too_large";
        case Refusal::TooSlow: return "too_slow";
        case Refusal::TooMany: return "too_many_requests";
        case Refusal::Connections: break;
    }
    return "too_many_connections";
}

void Metrics::add_request(std::string_view route, unsigned status, Duration time) {
    const double seconds = std::chrono::duration<double>(time).count();
    const std::lock_guard lock(mutex_);
    auto found = routes_.find(route);
    if (found == routes_.end()) found = routes_.emplace(route, Route{}).first;
    Route& one = found->second;
    ++one.by_status[status];
    ++one.requests;
    one.seconds += seconds;
    const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    if (bound != kBounds.end()) ++one.buckets.at(static_cast<std::size_t>(bound - kBounds.begin()));
}

void Metrics::add_refusal(Refusal refusal) {
    const std::lock_guard lock(mutex_);
    ++refusals_.at(static_cast<std::size_t>(refusal));
}

void Metrics::connection_opened() {
    const std::lock_guard lock(mutex_);
    ++opened_;
}

void Metrics::connection_closed() {
    const std::lock_guard lock(mutex_);
    ++closed_;
}

std::string Metrics::text() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    const auto to = std::back_inserter(out);
    fmt::format_to(to, "# TYPE bellwether_http_requests_total counter\n");
    for (const auto& [name, route] : routes_) {
        for (const auto& [status, count] : route.by_status)
            fmt::format_to(to, "bellwether_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", name, status,
                           count);
    }
    fmt::format_to(to, "# TYPE bellwether_http_request_seconds histogram\n");
    for (const auto& [name, route] : routes_) {
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < kBounds.size(); ++i) {
            below += route.buckets.at(i);
            fmt::format_to(to, "bellwether_http_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name,
                           kBounds.at(i), below);
        }
        fmt::format_to(to,
                       "bellwether_http_request_seconds_bucket{{route=\"{0}\",le=\"+Inf\"}} {1}\n"
                       "bellwether_http_request_seconds_sum{{route=\"{0}\"}} {2:.6f}\n"
                       "bellwether_http_request_seconds_count{{route=\"{0}\"}} {1}\n",
                       name, route.requests, route.seconds);
    }
    fmt::format_to(to, "# TYPE bellwether_http_refused_total counter\n");
    for (std::size_t i = 0; i < kRefusals; ++i) {
        fmt::format_to(to, "bellwether_http_refused_total{{reason=\"{}\"}} {}\n", to_string(static_cast<Refusal>(i)),
                       refusals_.at(i));
    }
    fmt::format_to(to, "# TYPE bellwether_http_connections gauge\nbellwether_http_connections {}\n", opened_ - closed_);
    return out;
}

}  // namespace harness::web
