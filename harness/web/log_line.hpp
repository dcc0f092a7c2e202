#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// Lines of the access log: JSON, with the route's pattern for the path, since paths and queries may hold tokens.
namespace harness::web {

struct Served {
    std::string_view address;
    std::string_view method;
    std::string_view route;
    unsigned status = 0;
    std::size_t bytes = 0;  ///< of the body sent
    std::chrono::steady_clock::duration time = {};
    std::string_view error = {};  ///< of a 500
};

/// {"time":"2026-01-31T12:00:00.123Z","event":"request","address":"127.0.0.1","method":"GET","route":"/rate",
/// "status":200,"bytes":5120,"ms":1.2}
std::string request_line(const Served& served);

/// {"time":...,"event":"refused","address":...,"reason":"malformed"} and other events.
std::string event_line(std::string_view event, std::string_view address, std::string_view reason);

}  // namespace harness::web
