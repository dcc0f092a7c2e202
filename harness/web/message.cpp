#include "harness/web/message.hpp"

namespace harness::web {

Response redirect(std::string path) {
    Response response{.status = 303};
    response.headers.emplace_back("Location", std::move(path));
    return response;
}

Response plain(unsigned status, std::string text) {
    return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text) + "\n"};
}

Render ready(Response response) {
    return [response = std::move(response)] { return response; };
}

}  // namespace harness::web
