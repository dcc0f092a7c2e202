#include "reports/text/fold.hpp"

#include <doctest/doctest.h>

#include "reports/text/excerpt.hpp"
#include "reports/text/plain_text.hpp"

using namespace reports::text;
using Strings = std::vector<std::string>;

TEST_SUITE("reports.fold") {
    TEST_CASE("a line breaks at the last blank that fits") {
        CHECK(folded("one two three", 8) == Strings{"one two", "three"});
        CHECK(folded("one two three", 7) == Strings{"one two", "three"});
        CHECK(folded("one two three", 13) == Strings{"one two three"});
        CHECK(folded("", 5) == Strings{""});
    }

    TEST_CASE("a longer word breaks after a separator or else anywhere") {
        CHECK(folded("mmlu_abstract_algebra", 12) == Strings{"mmlu_", "abstract_", "algebra"});
        CHECK(folded("abcdefgh", 3) == Strings{"abc", "def", "gh"});
    }

    TEST_CASE("wide characters count twice and no character is split") {
        CHECK(folded("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2", 4) == Strings{"\xE6\xBC\xA2\xE5\xAD\x97", "\xE6\xBC\xA2"});
        CHECK(folded("\xC3\xA9\xC3\xA9\xC3\xA9", 2) == Strings{"\xC3\xA9\xC3\xA9", "\xC3\xA9"});
    }

    TEST_CASE("every line fits whatever is wrapped") {
        const std::string text = "a_b c-d/e,f  ghijklmnopqrstuvwxyz \xE6\xBC\xA2 xx";
        for (std::size_t columns = 2; columns < 40; ++columns) {
            for (const std::string& line : folded(text, columns)) CHECK(display_width(line) <= columns);
        }
    }

    TEST_CASE("excerpts show the first difference of strings in complete characters on one line") {
        const std::string before = std::string(40, 'a') + "\n\xC3\xA9";
        const auto shown = excerpts({before + "one", before + "two"});
        CHECK(shown[0] == "...\"" + std::string(27, 'a') + "\\n\xC3\xA9one\"");
        CHECK(shown[1] == "...\"" + std::string(27, 'a') + "\\n\xC3\xA9two\"");
        CHECK(excerpt("a\x1B[2J", 0) == "\"a\\u{1B}[2J\"");
        CHECK(parting("abc", "ab") == 2);
        CHECK(excerpt("", 0) == "\"\"");
    }
}
