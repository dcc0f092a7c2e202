#include "harness/web/request_reading.hpp"

#include <algorithm>
#include <utility>

namespace harness::web {
namespace {

std::string text_of(beast::string_view text) {
    return {text.data(), text.size()};
}

/// The last of a list that proxies append to.
std::string last_of(beast::string_view list) {
    std::string text = text_of(list);
    const std::size_t comma = text.rfind(',');
    if (comma != std::string::npos) text.erase(0, comma + 1);
    const std::size_t begin = text.find_first_not_of(" \t");
    const std::size_t end = text.find_last_not_of(" \t");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// Cookies may come in several lines (HTTP/2 proxies split them); RFC 6265 joins them so.
std::string cookies_of(const http::request_header<>& header) {
    std::string all;
    const auto [first, last] = header.equal_range(http::field::cookie);
    for (auto each = first; each != last; ++each) all += (all.empty() ? "" : "; ") + text_of(each->value());
    return all;
}

bool is_printable(beast::string_view target) {
    return std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

bool is_known_method(http::verb method) {
    return method == http::verb::get || method == http::verb::head || method == http::verb::post;
}

std::optional<std::string> mistake_in_header(const http::request_header<>& header) {
    if (header.version() != 10 && header.version() != 11) return "Only HTTP/1.0 and HTTP/1.1 are spoken here.";
    const std::size_t lengths = header.count(http::field::content_length);
    const std::size_t encodings = header.count(http::field::transfer_encoding);
    if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1))
        return "The length of the body is said twice.";
    // Beast reads the list "5, 5" as 5.
    const auto length = header[http::field::content_length];
    if (!std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return "The length of the body is no number.";
    if (encodings == 1 && (header.version() == 10 || header[http::field::transfer_encoding] != "chunked"))
        return "The only transfer encoding is chunked.";
    if (header.count(http::field::host) != (header.version() == 11 ? 1 : header.count(http::field::host)) ||
        header.count(http::field::host) > 1)
        return "A request names its host once.";
    if (!header.target().starts_with('/') || !is_printable(header.target())) return "The target is no path.";
    const bool has_body = lengths + encodings > 0 && length != "0";
    if (has_body && header.method() != http::verb::post) return "Only POST has a body.";
    return std::nullopt;
}

Request request_of(Message message, const std::string& peer, Proxy proxy, bool is_tls) {
    Request request{.method = message.method() == http::verb::post ? Method::Post : Method::Get};
    const std::string target = text_of(message.target());
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = mark < target.size() ? target.substr(mark + 1) : "";
    request.host = text_of(message[http::field::host]);
    request.cookie = cookies_of(message);
    request.origin = text_of(message[http::field::origin]);
    request.fetch_site = text_of(message["Sec-Fetch-Site"]);
    request.authorization = text_of(message[http::field::authorization]);
    request.content_type = text_of(message[http::field::content_type]);
    request.address = peer;
    request.is_secure = is_tls;
    if (proxy == Proxy::Trusted) {
        if (std::string address = last_of(message["X-Forwarded-For"]); !address.empty())
            request.address = std::move(address);
        request.is_secure = is_tls || last_of(message["X-Forwarded-Proto"]) == "https";
    }
    request.body = std::move(message.body());
    return request;
}

}  // namespace harness::web
