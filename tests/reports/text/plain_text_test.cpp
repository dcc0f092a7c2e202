#include "reports/text/plain_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/reports/samples.hpp"

using namespace reports::text;

namespace {

const std::string kReplacement = "\xEF\xBF\xBD";

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::string shown(std::string_view text) {
    return visible(text, Lines::Keep);
}

}  // namespace

TEST_SUITE("reports.plain_text") {
    TEST_CASE("ill-formed UTF-8 is replaced as the Unicode Standard's tables 3-8 to 3-11 show") {
        CHECK(shown("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") == repeated(kReplacement, 8) + "A");
        CHECK(shown("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") == repeated(kReplacement, 8) + "A");
        CHECK(shown("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") ==
              repeated(kReplacement, 5) + "A" + repeated(kReplacement, 2) + "B");
        CHECK(shown("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == repeated(kReplacement, 4) + "A");
    }

    TEST_CASE("a sequence cut off at the end is one replacement") {
        CHECK(shown("a\xE2\x82") == "a" + kReplacement);
        CHECK(shown("\xF0\x9F\x98") == kReplacement);
        CHECK(shown("\xC3") == kReplacement);
    }

    TEST_CASE("well-formed text of all lengths stays as it is") {
        const std::string text =
            "a \xC3\xA9 \xE2\x82\xAC \xED\x9F\xBF \xEE\x80\x80 \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBD\n\tb";
        CHECK(shown(text) == text);
        CHECK(shown("") == "");
    }

    TEST_CASE("control and direction characters are shown by number") {
        CHECK(shown("a\xE2\x80\xAE"
                    "b") == "a\\u{202E}b");
        CHECK(shown("\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C") == "\\u{200E}\\u{200F}\\u{61C}");
        CHECK(shown("\xE2\x80\xAA\xE2\x81\xA6\xE2\x81\xA9") == "\\u{202A}\\u{2066}\\u{2069}");
        CHECK(shown(std::string_view("\0\x1B\x7F\r", 4)) == "\\u{0}\\u{1B}\\u{7F}\\u{D}");
        CHECK(shown("\xC2\x80\xC2\x9B\xC2\x9F") == "\\u{80}\\u{9B}\\u{9F}");
        CHECK(shown("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF") == "\\u{2028}\\u{2029}\\u{FEFF}");
        CHECK(shown("\xF3\xA0\x81\x81") == "\\u{E0041}");
        CHECK(shown("\xE2\x80\x8D") == "\xE2\x80\x8D");  // the joiner of emoji
        CHECK(shown("\xC2\xA0") == "\xC2\xA0");
    }

    TEST_CASE("lines and tabs are kept or shown") {
        CHECK(visible("a\n\tb", Lines::Keep) == "a\n\tb");
        CHECK(visible("a\n\tb", Lines::Escape) == "a\\u{A}\\u{9}b");
    }

    TEST_CASE("no byte string gives anything but visible well-formed text") {
        // Every byte after every lead byte of interest, and all pairs.
        std::string all;
        for (int a = 0; a < 256; ++a) {
            for (int b = 0; b < 256; ++b) {
                all += static_cast<char>(a);
                all += static_cast<char>(b);
            }
        }
        const std::string text = visible(all, Lines::Escape);
        CHECK(std::none_of(text.begin(), text.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }));
        CHECK(visible(text, Lines::Escape) == text);
    }

    TEST_CASE("HTML text has no markup left") {
        CHECK(html_text("<b> & \"q\" 'r'") == "&lt;b&gt; &amp; &quot;q&quot; &#39;r&#39;");
        CHECK(html_text("</script><!--") == "&lt;/script&gt;&lt;!--");
        CHECK(html_text("&lt;") == "&amp;lt;");
        CHECK(html_text("a\nb") == "a\nb");
        const std::string hostile = html_text(reports_test::kHostile);
        CHECK(hostile.find_first_of("<>\"'\x1B\r\x07") == std::string::npos);
    }

    TEST_CASE("Markdown text has no markup and no links left") {
        CHECK(markdown_text("a|b") == "a\\|b");
        CHECK(markdown_text("`x` <b> [l](u) ![i](u)") == "\\`x\\` \\<b\\> \\[l\\](u) \\!\\[i\\](u)");
        CHECK(markdown_text("a*b_c~d\\e #f") == "a\\*b\\_c\\~d\\\\e \\#f");
        CHECK(markdown_text("https://example.org www.example.org me@example.org") ==
              "https\\://example.org www\\.example.org me\\@example.org");
        CHECK(markdown_text("a\nb\xE2\x80\xAE") == "a\\\\u{A}b\\\\u{202E}");
        CHECK(markdown_text("&amp;") == "\\&amp;");
    }

    TEST_CASE("columns count what a terminal shows") {
        CHECK(display_width("abc") == 3);
        CHECK(display_width("\xC3\xA9\xE2\x82\xAC") == 2);
        CHECK(display_width("\xE6\xBC\xA2\xE5\xAD\x97") == 4);  // two ideographs
        CHECK(display_width("e\xCC\x81") == 1);                 // a combining accent
        CHECK(display_width("\xF0\x9F\x98\x80") == 2);
    }

    TEST_CASE("text is shortened to columns between characters") {
        CHECK(shortened("abcdef", 6) == "abcdef");
        CHECK(shortened("abcdefg", 6) == "abcde\xE2\x80\xA6");
        CHECK(shortened("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2", 5) == "\xE6\xBC\xA2\xE5\xAD\x97\xE2\x80\xA6");
        CHECK(shortened("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2", 4) == "\xE6\xBC\xA2\xE2\x80\xA6");
        CHECK(shortened("\xC3\xA9\xC3\xA9\xC3\xA9", 1) == "\xE2\x80\xA6");
    }
}
