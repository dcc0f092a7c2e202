#include "harness/web/visit.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "harness/study/service.hpp"
#include "harness/web/secrets.hpp"

namespace harness::web {
namespace {

constexpr std::size_t kSecretDigits = 64;
/// A rater who closes the browser goes on later with the same link's session.
constexpr std::int64_t kCookieSeconds = study::kMaxSessionAge / 1000;

void add_cookie(Response& response, const Request& request, std::string_view role, std::string_view secret,
                std::int64_t seconds) {
    response.headers.emplace_back(
        "Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name(request, role),
                                  secret, seconds, request.is_secure ? "; Secure" : ""));
}

}  // namespace

std::string cookie_name(const Request& request, std::string_view role) {
    return fmt::format("{}{}", request.is_secure ? "__Host-" : "", role);
}

std::string secret_of(const Request& request, std::string_view role) {
    std::string secret = cookie_value(request.cookie, cookie_name(request, role));
    return is_hex(secret, kSecretDigits) ? secret : "";
}

void set_cookie(Response& response, const Request& request, std::string_view role, const std::string& secret) {
    add_cookie(response, request, role, secret, kCookieSeconds);
}

void remove_cookie(Response& response, const Request& request, std::string_view role) {
    add_cookie(response, request, role, "", 0);
}

bool is_from_another_site(const Request& request) {
    if (!request.fetch_site.empty()) return request.fetch_site != "same-origin" && request.fetch_site != "none";
    // Our own referrer policy makes browsers send "null" with our own forms.
    if (request.origin.empty() || request.origin == "null") return false;
    return request.origin != fmt::format("{}://{}", request.is_secure ? "https" : "http", request.host);
}

std::optional<Form> proven_form(const Request& request, const std::string& secret) {
    auto form = Form::parse(request.body);
    if (!form || !are_equal(form->text("csrf"), csrf_token(secret))) return std::nullopt;
    return form;
}

}  // namespace harness::web
