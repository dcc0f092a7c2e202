#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace harness::study {
class StudyService;
}

/// Requests and responses as handlers see them: no sockets, no Beast.
namespace harness::web {

enum class Method { Get, Post };

/// A request that the connection has found well-formed. All strings come from outside.
struct Request {
    Method method = Method::Get;
    std::string path = "/";  ///< as sent, without the query
    std::string query = {};
    std::string body = {};
    std::string host = {};
    std::string cookie = {};
    std::string origin = {};
    std::string fetch_site = {};     ///< Sec-Fetch-Site
    std::string authorization = {};  ///< of /metrics
    std::string content_type = {};
    std::string address = {};  ///< of the browser: the peer, or what a trusted proxy says
    bool is_secure = false;    ///< came by TLS, here or to the trusted proxy
};

/// A stream of server-sent events; called about once a second on the study's thread. nullopt: the stream ends. An empty
/// string: nothing is new. Otherwise the data of one event, without line breaks.
using NextEvent = std::function<std::optional<std::string>(study::StudyService&)>;

struct Response {
    unsigned status = 200;
    std::string content_type = "text/html; charset=utf-8";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    NextEvent events = {};  ///< if set, the body is this stream
};

/// What is left of an answer after the study was asked: rendering. Runs on a thread of its own.
using Render = std::function<Response()>;

/// The work of a request. With `at_study` it begins on the study's thread, and the browser gets nothing before what was
/// written there is committed; `elsewhere` is the answer of requests that do not need the study.
struct Work {
    std::string_view route = {};  ///< pattern, for logs and metrics: a path may contain a token
    std::function<Render(study::StudyService&)> at_study = {};
    Render elsewhere = {};
};

/// 303: the browser gets `path` next.
Response redirect(std::string path);

/// A line of plain text.
Response plain(unsigned status, std::string text);

/// A response that is ready, as the rest of a handler.
Render ready(Response response);

}  // namespace harness::web
