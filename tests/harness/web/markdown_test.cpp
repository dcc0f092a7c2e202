#include "harness/web/markdown.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <regex>
#include <string>

using harness::web::markdown_html;

namespace {

std::string repeated(const std::string& text, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += text;
    return out;
}

/// Elements that our Markdown may become, without attributes but these: class of code, align of cells, start of lists.
bool is_inert(const std::string& html) {
    static const std::regex kTag(
        R"re(<(/?(p|br|hr|em|strong|del|ul|ol|li|blockquote|table|thead|tbody|tr|h[3-6]|pre|code|td|th)( /)?|ol start="\d+"|code class="language-[^"<>]*"|pre class="plain" dir="auto"|t[dh] align="(left|right|center)")>)re");
    const std::string rest = std::regex_replace(html, kTag, "");
    return rest.find('<') == std::string::npos;
}

}  // namespace

TEST_SUITE("harness.web") {
    TEST_CASE("lists and tables and code of an answer are shown as such") {
        const std::string html =
            markdown_html("- one\n- **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx < 1\n```\n");
        CHECK(html.find("<li><strong>two</strong></li>") != std::string::npos);
        CHECK(html.find("<td>1</td>") != std::string::npos);
        CHECK(html.find("<pre><code class=\"language-py\">x &lt; 1\n</code></pre>") != std::string::npos);
    }

    TEST_CASE("hostile answers become nothing but text") {
        for (const char* hostile : {"<script>alert(1)</script>",
                                    "a <img src=x onerror=alert(1)> b",
                                    "[x](javascript:alert(1))",
                                    "![x](https://evil.example/p.png)",
                                    "<https://evil.example>",
                                    "[x]: javascript:alert(1)\n[x]",
                                    "<svg/onload=alert(1)>",
                                    "```\"><script>\nx\n```",
                                    "```a onmouseover=b\nx\n```",
                                    "<!-- --><b onclick=x>",
                                    "<iframe srcdoc='<script>'>",
                                    "</div></main><form action=//evil>",
                                    "&lt;script&gt;",
                                    "<style>*{display:none}</style>",
                                    "<a href=\"data:text/html,x\">y</a>",
                                    "| a |\n|---|\n| <script> |",
                                    "[a](<javascript:x> \"onload=\")",
                                    "<![CDATA[<script>]]>",
                                    "<?php echo 1 ?>",
                                    "\\<script>",
                                    "<details open ontoggle=x>",
                                    "[![i](x)](javascript:y)"}) {
            CAPTURE(hostile);
            const std::string html = markdown_html(hostile);
            CAPTURE(html);
            CHECK(is_inert(html));
        }
    }

    TEST_CASE("raw HTML is shown as it was written") {
        CHECK(markdown_html("<div>\n<b>x</b>\n</div>").find("&lt;div&gt;\n&lt;b&gt;x&lt;/b&gt;\n&lt;/div&gt;") !=
              std::string::npos);
        CHECK(markdown_html("a <b>x</b>").find("a &lt;b&gt;x&lt;/b&gt;") != std::string::npos);
    }

    TEST_CASE("a link shows its text and its address") {
        CHECK(markdown_html("see [this *page*](https://a.example/x)") ==
              "<p>see this <em>page</em> (https://a.example/x)</p>\n");
        CHECK(markdown_html("![a cat](cat.png)") == "<p>[image: a cat] (cat.png)</p>\n");
        CHECK(markdown_html("<https://a.example>") == "<p>https://a.example</p>\n");
    }

    TEST_CASE("control and direction characters are shown and joiners are kept") {
        const std::string html = markdown_html("a\u202Eb\x1B[31mc\u0000");
        CHECK(html.find("\\u{202E}") != std::string::npos);
        CHECK(html.find("\\u{1B}") != std::string::npos);
        CHECK(markdown_html("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645").find("\u200C") != std::string::npos);
    }

    TEST_CASE("direction characters that are written as references are shown too") {
        CHECK(markdown_html("a&#x202E;b&#8238; &rlm;&#27;") == "<p>a\\u{202E}b\\u{202E} \\u{200F}\\u{1B}</p>\n");
        CHECK(markdown_html("[&#x202E;fdp](https://a.example/&#x202E;)") ==
              "<p>\\u{202E}fdp (https://a.example/\\u{202E})</p>\n");
        CHECK(markdown_html("`&#x202E;`") == "<p><code>&amp;#x202E;</code></p>\n");
    }

    TEST_CASE("headings follow each other without gaps below the page's own") {
        const std::string html = markdown_html("# a\n\n#### b\n\n## c\n\n###### d\n\n# e");
        CHECK(html == "<h3>a</h3>\n<h4>b</h4>\n<h4>c</h4>\n<h5>d</h5>\n<h3>e</h3>\n");
        CHECK(markdown_html("##### first") == "<h3>first</h3>\n");
    }

    TEST_CASE("line breaks of an answer stay") {
        CHECK(markdown_html("a\nb") == "<p>a<br />\nb</p>\n");
    }

    TEST_CASE("texts that are made to be slow are shown soon") {
        for (const char* part :
             {"[",  "*a ",  "_a __b ", "> ",    "- ",     "![[]()", "`",   "```\n",    "<a ",       "| a ", "|\n",
              "&#", "~~a ", "\\",      "[a](b", "*a**b ", "<!--",   "1. ", "a\n===\n", "[^1]: x\n", "<?",   "a@b.c "}) {
            CAPTURE(part);
            const std::string text = repeated(part, harness::web::kMaxMarkdown - 16);
            const auto begun = std::chrono::steady_clock::now();
            const std::string html = markdown_html(text);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
            WARN(seconds < 2);
            CHECK(html.size() < 64 * harness::web::kMaxMarkdown);
            CHECK(is_inert(html.substr(0, html.find_last_of('>', 20000) + 1)));
        }
    }

    TEST_CASE("a table that would fill the memory is shown as text") {
        std::string text = repeated("| a ", 16000) + "|\n" + repeated("|---", 16000) + "|\n" + repeated("|\n", 16000);
        const std::string html = markdown_html(text);
        CHECK(html.size() < 10 * text.size());
        CHECK(html.starts_with("<pre class=\"plain\""));
    }

    TEST_CASE("a text of a megabyte is shown as it is written") {
        const std::string html = markdown_html(repeated("<b>long</b> ", 1 << 20));
        CHECK(html.starts_with("<pre class=\"plain\" dir=\"auto\">\n&lt;b&gt;long"));
    }

    TEST_CASE("a long text is shown in pieces that leave nothing out") {
        const std::string kBegin = "<pre class=\"plain\" dir=\"auto\">\n";
        const std::string kEnd = "</pre>";
        for (const std::string& text :
             {repeated("word and ", 20000), repeated("x", 20000), repeated("\u0634\u0627\u064a", 20000),
              repeated("line\n\n", 20000), "\n" + repeated("y", 9000), repeated("\u20AC", 8192), std::string("\n")}) {
            std::string html = harness::web::plain_html(text);
            CAPTURE(html.substr(0, 100));
            std::string shown;
            while (!html.empty()) {
                REQUIRE(html.starts_with(kBegin));
                const std::size_t end = html.find(kEnd);
                const std::string piece = html.substr(kBegin.size(), end - kBegin.size());
                CHECK(piece.size() <= 4096);
                shown += piece;
                html = html.substr(end + kEnd.size());
            }
            CHECK(shown == text);
        }
        const std::string bytes(20000, '\x80');
        CHECK(harness::web::plain_html(bytes).size() < 4 * bytes.size());
    }
}
