#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "harness/study/service.hpp"
#include "harness/web/lead_routes.hpp"
#include "harness/web/lead_sessions.hpp"
#include "harness/web/message.hpp"
#include "harness/web/metrics.hpp"
#include "harness/web/pages.hpp"
#include "harness/web/rate_limit.hpp"
#include "harness/web/rater_routes.hpp"

namespace harness::web {

/// How many requests are answered.
struct RequestLimits {
    Allowance address = {.per_second = 200, .burst = 1000};  ///< an office may share one address
    Allowance session = {.per_second = 10, .burst = 60};
    Allowance sign_in = {.per_second = 0.1, .burst = 5};  ///< for each address
};

struct AppOptions {
    std::string passphrase = {};  ///< the lead's, or its Argon2id hash
    RequestLimits limits = {};
    ExportRatings exporter = {};
    study::Clock clock = study::system_now;
};

/// The site without its network: routes, what every request must pass and what every response carries. work() is for
/// one thread; what it returns runs on the study's thread and, for rendering, on one other thread.
class App {
public:
    /// Throws base::UsageError for a passphrase that cannot be used.
    explicit App(AppOptions options);

    /// What to do for a request. Refuses by itself: 404, 405 with the methods of the path, 403 for a POST that another
    /// site made, 415 for one that is no form, 429 above the limits.
    Work work(const Request& request, RateLimit::Time now);

    Metrics& metrics() { return metrics_; }

    /// Headers that every response carries: a strict content security policy, no sniffing, no framing, no referrer, and
    /// no caching but of assets.
    static void add_headers(Response& response);

private:
    struct Route;
    static const Route* find(const Request& request, bool& is_path_known);
    Work with_study(const Request& request, const Route& route);
    Work without_study(const Request& request, const Route& route);
    static Work refuse(std::string_view route, unsigned status, std::string text);
    bool is_within_limits(const Request& request, std::string_view route, RateLimit::Time now);

    Pages pages_;
    Metrics metrics_;
    LeadSessions sessions_;
    RaterRoutes rater_;
    LeadRoutes lead_;
    RateLimit by_address_;
    RateLimit by_session_;
    RateLimit by_sign_in_;
};

}  // namespace harness::web
