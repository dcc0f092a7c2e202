#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// What tests look for in the markup of a page.
namespace reports_test {

inline std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

inline std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const std::size_t from = text.find(before) + before.size();
    return text.substr(from, text.find(after, from) - from);
}

/// The text without every match of a pattern.
inline std::string without(std::string text, const char* pattern) {
    RE2::GlobalReplace(&text, pattern, "");
    return text;
}

/// The page without its style and script.
inline std::string markup_of(const std::string& page) {
    return without(without(page, "(?s)<style>.*?</style>"), "(?s)<script>.*?</script>");
}

/// The first element that is not closed properly; "" if there is none.
inline std::string unbalanced(const std::string& markup) {
    const std::set<std::string> kVoid = {"meta", "input"};
    std::vector<std::string> open;
    for (std::size_t at = markup.find('<'); at != std::string::npos; at = markup.find('<', at + 1)) {
        const std::string tag = markup.substr(at + 1, markup.find('>', at) - at - 1);
        if (tag[0] == '!') continue;
        const bool closes = tag[0] == '/';
        const std::string name = tag.substr(closes ? 1 : 0, tag.find_first_of(" \n/", 1) - (closes ? 1 : 0));
        if (closes) {
            if (open.empty() || open.back() != name) return "</" + name + ">";
            open.pop_back();
        } else if (!kVoid.contains(name) && tag.back() != '/') {
            open.push_back(name);
        }
    }
    return open.empty() ? "" : open.back();
}

}  // namespace reports_test
