#pragma once

#include <optional>
#include <string>

#include "harness/web/asio.hpp"
#include "harness/web/message.hpp"
#include "harness/web/server.hpp"

namespace harness::web {

using Message = http::request<http::string_body>;

/// What is wrong with a header that Beast could read, as a sentence; nullopt: nothing. Refuses what another program on
/// the way may read differently (request smuggling): two lengths, a length beside an encoding, an encoding other than
/// chunked, two hosts, a target that is no path.
std::optional<std::string> mistake_in_header(const http::request_header<>& header);

/// The request of a well-formed message from `peer`.
Request request_of(Message message, const std::string& peer, Proxy proxy, bool is_tls);

/// Whether the server answers this method at all: GET, HEAD and POST.
bool is_known_method(http::verb method);

}  // namespace harness::web
