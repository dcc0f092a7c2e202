#include "suites/transforms/bbh.hpp"

#include "suites/transforms/text.hpp"

namespace suites::transforms {

std::optional<std::string> bbh_answer(std::string_view output) {
    constexpr std::string_view kBefore = "the answer is ";
    for (std::size_t at = output.find(kBefore); at != std::string_view::npos; at = output.find(kBefore, at + 1)) {
        std::string_view line = output.substr(at + kBefore.size());
        line = line.substr(0, line.find('\n'));
        if (line.empty()) continue;
        while (line.size() > 1 && continues_character(line.back())) line.remove_suffix(1);
        line.remove_suffix(1);
        return strip(line);
    }
    return std::nullopt;
}

std::string drop_space(std::string_view text) {
    if (text.starts_with(' ')) text.remove_prefix(1);
    return std::string(text);
}

}  // namespace suites::transforms
