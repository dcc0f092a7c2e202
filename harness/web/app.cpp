#include "harness/web/app.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "harness/web/visit.hpp"

namespace harness::web {
namespace {

using study::StudyService;

using RaterStep = Render (RaterRoutes::*)(const Request&, StudyService&);
using LeadStep = Render (LeadRoutes::*)(const Request&, StudyService&);

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

/// "/rate/item/*": the star is one part of the path, not empty.
bool matches(std::string_view pattern, std::string_view path) {
    if (!pattern.ends_with('*')) return pattern == path;
    pattern.remove_suffix(1);
    return path.size() > pattern.size() && path.starts_with(pattern) &&
           path.find('/', pattern.size()) == std::string_view::npos;
}

}  // namespace

/// One of the four says what answers it: the two rooms of the site, or what needs no study.
struct App::Route {
    enum class Without { Study, Asset, SignIn, Metrics };
    Method method;
    std::string_view pattern;
    RaterStep rater = nullptr;
    LeadStep lead = nullptr;
    Without without = Without::Study;
};

namespace {

Render say_healthy(const Request&, StudyService&) {
    return ready(plain(200, "ok"));
}

}  // namespace

const App::Route* App::find(const Request& request, bool& is_path_known) {
    using enum Method;
    using R = RaterRoutes;
    using L = LeadRoutes;
    static const std::array<Route, 25> kRoutes = {{
        {.method = Get, .pattern = "/", .rater = &R::start},
        {.method = Get, .pattern = "/join", .rater = &R::start},
        {.method = Get, .pattern = "/join/*", .rater = &R::start},
        {.method = Post, .pattern = "/join", .rater = &R::join},
        {.method = Get, .pattern = "/rate", .rater = &R::show},
        {.method = Post, .pattern = "/rate/submit", .rater = &R::submit},
        {.method = Post, .pattern = "/rate/draft", .rater = &R::draft},
        {.method = Post, .pattern = "/rate/renew", .rater = &R::renew},
        {.method = Post, .pattern = "/rate/skip", .rater = &R::skip},
        {.method = Post, .pattern = "/rate/undo", .rater = &R::undo},
        {.method = Get, .pattern = "/rate/history", .rater = &R::history},
        {.method = Get, .pattern = "/rate/item/*", .rater = &R::look},
        {.method = Post, .pattern = "/rate/leave", .rater = &R::leave},
        {.method = Get, .pattern = "/lead", .lead = &L::show},
        {.method = Post, .pattern = "/lead/sign-in", .without = Route::Without::SignIn},
        {.method = Post, .pattern = "/lead/sign-out", .lead = &L::sign_out},
        {.method = Post, .pattern = "/lead/state", .lead = &L::set_state},
        {.method = Post, .pattern = "/lead/invite", .lead = &L::invite},
        {.method = Post, .pattern = "/lead/rater", .lead = &L::change_rater},
        {.method = Get, .pattern = "/lead/events", .lead = &L::events},
        {.method = Get, .pattern = "/lead/export", .lead = &L::download},
        {.method = Get, .pattern = "/metrics", .without = Route::Without::Metrics},
        {.method = Get, .pattern = "/healthz"},
        {.method = Get, .pattern = "/favicon.ico", .without = Route::Without::Asset},
        // Last: its name has a part of its own for the digest.
        {.method = Get, .pattern = "/assets/", .without = Route::Without::Asset},
    }};
    is_path_known = false;
    for (const Route& route : kRoutes) {
        const bool is_asset = route.pattern == "/assets/" && request.path.starts_with(route.pattern);
        if (!is_asset && !matches(route.pattern, request.path)) continue;
        is_path_known = true;
        if (route.method == request.method) return &route;
    }
    return nullptr;
}

App::App(AppOptions options)
    : sessions_(Passphrase(options.passphrase)),
      rater_(pages_, options.clock),
      lead_(pages_, sessions_, options.clock, std::move(options.exporter)),
      by_address_(options.limits.address),
      by_session_(options.limits.session),
      by_sign_in_(options.limits.sign_in) {}

void App::add_headers(Response& response) {
    const auto has = [&response](std::string_view name) {
        return std::any_of(response.headers.begin(), response.headers.end(),
                           [name](const auto& header) { return header.first == name; });
    };
    response.headers.insert(response.headers.end(), {{"Content-Security-Policy",
                                                      "default-src 'none'; script-src 'self'; style-src 'self'; "
                                                      "img-src 'self'; connect-src 'self'; form-action 'self'; "
                                                      "base-uri 'none'; frame-ancestors 'none'"},
                                                     {"X-Content-Type-Options", "nosniff"},
                                                     {"X-Frame-Options", "DENY"},
                                                     {"Referrer-Policy", "no-referrer"},
                                                     {"Cross-Origin-Opener-Policy", "same-origin"},
                                                     {"Cross-Origin-Resource-Policy", "same-origin"}});
    if (!has("Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
}

Work App::refuse(std::string_view route, unsigned status, std::string text) {
    return {.route = route, .elsewhere = ready(plain(status, std::move(text)))};
}

bool App::is_within_limits(const Request& request, std::string_view route, RateLimit::Time now) {
    if (!by_address_.allows(request.address, now)) return false;
    if (route == "/lead/sign-in" && !by_sign_in_.allows(request.address, now)) return false;
    // A wrong passphrase of a program is as good as one in the form.
    if (route == "/metrics" && !request.authorization.empty() && !by_sign_in_.allows("metrics " + request.address, now))
        return false;
    const std::string secret = secret_of(request, "rater");
    return secret.empty() || by_session_.allows(secret, now);
}

Work App::with_study(const Request& request, const Route& route) {
    const auto kept = std::make_shared<const Request>(request);
    Work work{.route = route.pattern};
    if (route.rater != nullptr) {
        work.at_study = [this, kept, step = route.rater](StudyService& service) {
            return (rater_.*step)(*kept, service);
        };
    } else if (route.lead != nullptr) {
        work.at_study = [this, kept, step = route.lead](StudyService& service) {
            return (lead_.*step)(*kept, service);
        };
    } else {
        work.at_study = [kept](StudyService& service) { return say_healthy(*kept, service); };
    }
    return work;
}

Work App::without_study(const Request& request, const Route& route) {
    Work work{.route = route.pattern};
    switch (route.without) {
        case Route::Without::SignIn: work.elsewhere = [this, request] { return lead_.sign_in(request); }; break;
        case Route::Without::Metrics:
            work.elsewhere = [this, request] {
                if (sessions_.is_signed_in(secret_of(request, "lead")) ||
                    sessions_.is_authorised(request.authorization)) {
                    Response response = plain(200, metrics_.text());
                    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                    return response;
                }
                Response response = plain(401, "For the study's lead.");
                response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"study lead\", charset=\"UTF-8\"");
                return response;
            };
            break;
        case Route::Without::Asset:
        case Route::Without::Study: work.elsewhere = ready(asset(request.path)); break;
    }
    return work;
}

Work App::work(const Request& request, RateLimit::Time now) {
    bool is_path_known = false;
    const Route* const route = find(request, is_path_known);
    if (!is_within_limits(request, route == nullptr ? "" : route->pattern, now)) {
        metrics_.add_refusal(Refusal::TooMany);
        Response response = plain(429, "Too many requests; wait a moment.");
        response.headers.emplace_back("Retry-After", "5");
        return {.route = "(limited)", .elsewhere = ready(std::move(response))};
    }
    if (route == nullptr && is_path_known) {
        Response response = plain(405, "This path does not take that method.");
        response.headers.emplace_back("Allow", request.method == Method::Post ? "GET, HEAD" : "POST");
        return {.route = "(method)", .elsewhere = ready(std::move(response))};
    }
    if (route == nullptr) return refuse("(unknown)", 404, "There is no such page.");
    if (request.method == Method::Post) {
        if (is_from_another_site(request)) return refuse(route->pattern, 403, "This request came from another site.");
        if (!request.content_type.starts_with(kFormType))
            return refuse(route->pattern, 415, "Only forms are taken here.");
    }
    const bool needs_study = route->without == Route::Without::Study;
    return needs_study ? with_study(request, *route) : without_study(request, *route);
}

}  // namespace harness::web
