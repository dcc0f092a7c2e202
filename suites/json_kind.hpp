#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace suites {

/// What a JSON value is, for a message such as "must be a string, not a number".
template <class Json>
std::string_view kind_of(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null: return "null";
        case Json::value_t::object: return "an object";
        case Json::value_t::array: return "a list";
        case Json::value_t::string: return "a string";
        case Json::value_t::boolean: return value.template get<bool>() ? "true" : "false";
        default: return "a number";  // also one that is kept as its text
    }
}

}  // namespace suites
