#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What tests send to pages and read from them.
namespace site {

inline std::string encoded(const std::string& text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        out += '%';
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string form_of(const Fields& fields) {
    std::string body;
    for (const auto& [name, value] : fields) body += (body.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
    return body;
}

/// What stands between two strings; empty when one is missing.
inline std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const std::size_t begin = text.find(before);
    if (begin == std::string::npos) return "";
    const std::size_t end = text.find(after, begin + before.size());
    return end == std::string::npos ? "" : text.substr(begin + before.size(), end - begin - before.size());
}

/// The places of a page for the texts that are rated: begin and end.
inline std::vector<std::pair<std::size_t, std::size_t>> texts_of(std::string_view page) {
    constexpr std::string_view kBegin = "<div class=\"text\" dir=\"auto\">";
    std::vector<std::pair<std::size_t, std::size_t>> texts;
    for (std::size_t at = page.find(kBegin); at != std::string_view::npos; at = page.find(kBegin, at)) {
        at += kBegin.size();
        const std::size_t end = page.find("</div>", at);
        texts.emplace_back(at, end);
        at = end;
    }
    return texts;
}

/// A page with its texts cut out.
inline std::string without_texts(std::string page) {
    const auto texts = texts_of(page);
    for (auto each = texts.rbegin(); each != texts.rend(); ++each) page.erase(each->first, each->second - each->first);
    return page;
}

/// The same length, with a star for each digit of ids and secrets: 32 or more hexadecimal digits.
inline std::string without_ids(std::string text) {
    constexpr std::size_t kShortest = 32;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789abcdef", at), text.size());
        if (end - at >= kShortest) std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), end - at, '*');
        at = end + 1;
    }
    return text;
}

}  // namespace site
