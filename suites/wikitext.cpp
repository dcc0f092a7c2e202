#include "suites/wikitext.hpp"

#include <re2/re2.h>

namespace suites {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    std::string result;
    std::size_t at = 0;
    for (std::size_t found = 0; (found = text.find(from, at)) != std::string::npos; at = found + from.size()) {
        result.append(text, at, found - at).append(to);
    }
    text = result.append(text, at);
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// ` = Title = `, and not ` = = Section = = `.
bool is_page_heading(std::string_view line) {
    return line.size() > 6 && line.starts_with(" = ") && line.ends_with(" = ") && !line.starts_with(" = = ");
}

}  // namespace

std::string wikitext_detokenize(std::string page) {
    replace_all(page, "s '", "s'");
    RE2::GlobalReplace(&page, "/' [0-9]/", "/'[0-9]/");
    replace_all(page, " @-@ ", "-");
    replace_all(page, " @,@ ", ",");
    replace_all(page, " @.@ ", ".");
    for (const char* mark : {":", ";", ".", "!", "?", ","}) {
        replace_all(page, std::string(" ") + mark + " ", std::string(mark) + " ");
    }
    RE2::GlobalReplace(&page, R"(\(\s*([^\)]*?)\s*\))", R"((\1))");
    RE2::GlobalReplace(&page, R"(\[\s*([^\]]*?)\s*\])", R"([\1])");
    RE2::GlobalReplace(&page, R"({\s*([^}]*?)\s*})", R"({\1})");
    RE2::GlobalReplace(&page, R"("\s*([^"]*?)\s*")", R"("\1")");
    RE2::GlobalReplace(&page, R"('\s*([^']*?)\s*')", R"('\1')");
    replace_all(page, "= = = =", "====");
    replace_all(page, "= = =", "===");
    replace_all(page, "= =", "==");
    replace_all(page, " \xC2\xB0 ", "\xC2\xB0");
    replace_all(page, " \n", "\n");
    replace_all(page, "\n ", "\n");
    replace_all(page, " N ", " 1 ");
    replace_all(page, " 's", "'s");
    return page;
}

std::vector<std::string> wikitext_pages(std::string_view raw) {
    std::vector<std::string> pages;
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t end = std::min(raw.find('\n', at), raw.size());
        std::string_view line = raw.substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);  // copies that went through Windows
        if (is_page_heading(line) || pages.empty()) pages.emplace_back();
        pages.back().append(line).append("\n");
        at = end + 1;
    }
    return pages;
}

std::size_t count_words(std::string_view text) {
    std::size_t words = 1;
    bool in_space = false;
    for (const char c : text) {
        if (is_space(c) && !in_space) ++words;
        in_space = is_space(c);
    }
    return words;
}

}  // namespace suites
