#include "harness/web/log_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace harness::web {
namespace {

using nlohmann::ordered_json;

std::string now_text() {
    const auto now = std::chrono::system_clock::now();
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03d}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                       milliseconds);
}

std::string line(const ordered_json& object) {
    return object.dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string request_line(const Served& served) {
    const double ms = std::chrono::duration<double, std::milli>(served.time).count();
    ordered_json object = {{"time", now_text()},        {"event", "request"},
                           {"address", served.address}, {"method", served.method},
                           {"route", served.route},     {"status", served.status},
                           {"bytes", served.bytes},     {"ms", std::round(ms * 10) / 10}};
    if (!served.error.empty()) object["error"] = served.error;
    return line(object);
}

std::string event_line(std::string_view event, std::string_view address, std::string_view reason) {
    return line({{"time", now_text()}, {"event", event}, {"address", address}, {"reason", reason}});
}

}  // namespace harness::web
