#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/web/form.hpp"
#include "harness/web/message.hpp"

/// Cookies, and what every POST must prove.
namespace harness::web {

/// "rater" or "lead"; with TLS "__Host-rater", which no other host and no plain connection can set.
std::string cookie_name(const Request& request, std::string_view role);

/// The secret in the cookie of a role; empty: there is none of the right form.
std::string secret_of(const Request& request, std::string_view role);

void set_cookie(Response& response, const Request& request, std::string_view role, const std::string& secret);
void remove_cookie(Response& response, const Request& request, std::string_view role);

/// Whether the browser says that another site sent this request. Programs that say nothing are no browsers, and have no
/// cookies to be misused.
bool is_from_another_site(const Request& request);

/// The form of a POST; nullopt when it is none, or its "csrf" is not the token of `secret`.
std::optional<Form> proven_form(const Request& request, const std::string& secret);

}  // namespace harness::web
