#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Variants of a valid JSON value, each with another type or nothing in one place.
namespace wrong_types {

using Json = nlohmann::ordered_json;

struct Variant {
    Json value;
    std::string place;  ///< as a JSON pointer, and what is there instead
};

inline void add_pointers(const Json& value, const std::string& here, std::vector<std::string>& pointers) {
    pointers.push_back(here);
    if (value.is_object()) {
        for (const auto& [name, member] : value.items())
            add_pointers(member, fmt::format("{}/{}", here, name), pointers);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) add_pointers(value[i], here + "/" + std::to_string(i), pointers);
    }
}

inline std::vector<Variant> variants(const Json& valid) {
    const std::vector<Json> wrong = {nullptr,
                                     true,
                                     -1,
                                     1.5,
                                     1e300,
                                     18446744073709551615U,
                                     "text",
                                     Json::array(),
                                     Json{1},
                                     {Json{Json::array({1})}},
                                     Json::object(),
                                     {{"a", 1}}};
    std::vector<std::string> pointers;
    add_pointers(valid, "", pointers);
    std::vector<Variant> all;
    for (const std::string& pointer : pointers) {
        for (const Json& value : wrong) {
            Variant one{valid, pointer + " is " + value.dump()};
            one.value[Json::json_pointer(pointer)] = value;
            all.push_back(std::move(one));
        }
        if (pointer.empty()) continue;
        Variant one{valid, pointer + " is missing"};
        Json& parent = one.value[Json::json_pointer(pointer).parent_pointer()];
        const std::string last = Json::json_pointer(pointer).back();
        if (parent.is_object()) {
            parent.erase(last);
        } else {
            parent.erase(std::stoul(last));
        }
        all.push_back(std::move(one));
    }
    return all;
}

/// Words of the JSON library and of C++ that no message of ours has; nullptr if there is none.
inline const char* library_word(const std::string& message) {
    for (const char* word :
         {"json.exception", "type must be", "cannot use", "cannot get", "key '", "array index", "is number",
          "is boolean", "basic_string", "stoi", "stoul", "std::", "a field does not have"}) {
        if (message.find(word) != std::string::npos) return word;
    }
    return nullptr;
}

}  // namespace wrong_types
