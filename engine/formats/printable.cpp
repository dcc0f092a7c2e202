#include "engine/formats/printable.hpp"

namespace engine::formats {

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 80;
    std::string result(text.substr(0, kLongest));
    for (char& letter : result) {
        if (letter < ' ' || letter > '~') letter = '?';
    }
    if (text.size() > kLongest) result += "...";
    return result;
}

}  // namespace engine::formats
