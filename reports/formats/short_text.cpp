#include "reports/formats/short_text.hpp"

namespace reports::formats {
namespace {

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

ShortText short_text(std::string_view text, std::size_t limit, Keep keep) {
    if (limit == 0 || text.size() <= limit) return {text, 0};
    // A character has at most three bytes more; ill-formed texts are cut somewhere.
    constexpr std::size_t kMaxSteps = 3;
    std::size_t at = keep == Keep::Beginning ? limit : text.size() - limit;
    for (std::size_t step = 0; step < kMaxSteps && at > 0 && at < text.size(); ++step) {
        if (!continues_character(text[at])) break;
        at = keep == Keep::Beginning ? at - 1 : at + 1;
    }
    if (keep == Keep::Beginning) return {text.substr(0, at), text.size() - at};
    return {text.substr(at), at};
}

std::string grouped(std::size_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string left_out_text(std::size_t bytes) {
    return bytes == 0 ? "" : grouped(bytes) + " bytes left out";
}

}  // namespace reports::formats
