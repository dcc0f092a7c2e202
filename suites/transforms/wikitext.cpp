#include "suites/transforms/wikitext.hpp"

#include <re2/re2.h>

#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    text = replaced(text, from, to);
}

// White space as in Python's str, which lm-evaluation-harness uses.
constexpr const char* kSpace =
    R"([\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}])";

/// `OPEN space* content space* CLOSE` -> `OPEN content CLOSE`; the content must not contain CLOSE.
void strip_inside(std::string& page, char open, char close) {
    const std::string first = RE2::QuoteMeta(std::string(1, open));
    const std::string last = RE2::QuoteMeta(std::string(1, close));
    const RE2 pattern(first + kSpace + "*([^" + last + "]*?)" + kSpace + "*" + last);
    RE2::GlobalReplace(&page, pattern, std::string(1, open) + "\\1" + close);
}

/// Whether the line is ` = Title = ` and not ` = = Section = = `; as in the data set of pages, after pairs and triples
/// of marks are joined.
bool is_page_heading(std::string_view line) {
    const std::string heading = strip(replaced(replaced(line, "= = =", "==="), "= =", "=="));
    return heading.starts_with("= ") && heading.ends_with(" =");
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
    strip_inside(page, '(', ')');
    strip_inside(page, '[', ']');
    strip_inside(page, '{', '}');
    strip_inside(page, '"', '"');
    strip_inside(page, '\'', '\'');
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
    std::string page;
    bool begun = false;
    for (std::size_t at = 0; at <= raw.size();) {
        const std::size_t end = std::min(raw.find('\n', at), raw.size());
        std::string_view line = raw.substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);  // copies with Windows line ends
        if (is_page_heading(line)) {
            if (!strip(page).empty()) pages.push_back(page);
            page.clear();
            begun = false;
        }
        if (begun) page += '\n';
        page.append(line);
        begun = true;
        at = end + 1;
    }
    pages.push_back(std::move(page));
    return pages;
}

}  // namespace suites::transforms

namespace suites {

std::size_t count_words(std::string_view text) {
    static const RE2 kSpaces(std::string(transforms::kSpace) + "+");
    re2::StringPiece rest(text.data(), text.size());
    std::size_t words = 1;
    while (RE2::FindAndConsume(&rest, kSpaces)) ++words;
    return words;
}

}  // namespace suites
