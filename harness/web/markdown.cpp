#include "harness/web/markdown.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "reports/text/plain_text.hpp"

namespace harness::web {
namespace {

using reports::text::Lines;

/// Cells of the largest table that the text could hold, at most. The library fills short rows up to the table's width,
/// so that 64 KiB could become hundreds of millions of cells.
constexpr std::size_t kMaxCells = 20000;
/// Browsers need time that grows with the square of a paragraph's length: 10 s for a megabyte in one line, 0.5 s in
/// pieces of this size.
constexpr std::size_t kMaxPiece = 4096;
constexpr int kOptions = CMARK_OPT_DEFAULT | CMARK_OPT_HARDBREAKS;  // raw HTML and bad links are off by default
constexpr int kLowestHeading = 6;

template <auto Free>
struct Freed {
    template <class Thing>
    void operator()(Thing* thing) const {
        Free(thing);
    }
};
using MarkdownParser = std::unique_ptr<cmark_parser, Freed<&cmark_parser_free>>;
using Node = std::unique_ptr<cmark_node, Freed<&cmark_node_free>>;
using Walk = std::unique_ptr<cmark_iter, Freed<&cmark_iter_free>>;

std::size_t largest_table(std::string_view text) {
    std::size_t lines = 1;
    std::size_t most = 0;
    std::size_t pipes = 0;
    for (const char c : text) {
        if (c == '|') most = std::max(most, ++pipes);
        if (c != '\n') continue;
        ++lines;
        pipes = 0;
    }
    return most == 0 ? 0 : lines * (most + 1);
}

Node parsed(const std::string& text) {
    cmark_gfm_core_extensions_ensure_registered();
    const MarkdownParser parser(cmark_parser_new(kOptions));
    for (const char* name : {"table", "strikethrough"})
        cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(name));
    cmark_parser_feed(parser.get(), text.data(), text.size());
    return Node(cmark_parser_finish(parser.get()));
}

cmark_node* text_node(const std::string& text) {
    cmark_node* const node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, text.c_str());
    return node;
}

/// Puts a node without children in the place of another one.
void replace(cmark_node* old, cmark_node* with) {
    cmark_node_replace(old, with);
    cmark_node_free(old);
}

/// Takes off what is shown as one block: up to the end of a line, of a word, or of a character.
std::string_view take_piece(std::string_view& text) {
    std::size_t length = text.size();
    if (length > kMaxPiece) {
        const auto after = [&text](char c) { return text.rfind(c, kMaxPiece - 1) + 1; };  // 0: there is none
        length = after('\n') > 0 ? after('\n') : after(' ') > 0 ? after(' ') : kMaxPiece;
        const auto is_inside = [&text](std::size_t at) {
            return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
        };
        for (int i = 0; i < 3 && is_inside(length); ++i) --length;
    }
    const std::string_view piece = text.substr(0, length);
    text.remove_prefix(length);
    return piece;
}

/// What a link says, in place of the link, with its address in brackets.
void make_inert(cmark_node* link) {
    const bool is_image = cmark_node_get_type(link) == CMARK_NODE_IMAGE;
    const std::string address = cmark_node_get_url(link);
    if (is_image) cmark_node_insert_before(link, text_node("[image: "));
    const cmark_node* const first = cmark_node_first_child(link);
    const bool says_its_address = first != nullptr &&
                                  cmark_node_get_type(cmark_node_first_child(link)) == CMARK_NODE_TEXT &&
                                  cmark_node_get_literal(cmark_node_first_child(link)) == address;
    while (cmark_node* const child = cmark_node_first_child(link)) cmark_node_insert_before(link, child);
    std::string after = is_image ? "]" : "";
    if (!address.empty() && !says_its_address)
        after += fmt::format(" ({})", reports::text::visible(address, Lines::Keep));
    replace(link, text_node(after));
}

void show_html(cmark_node* html, cmark_node_type as) {
    cmark_node* const node = cmark_node_new(as);
    cmark_node_set_literal(node, cmark_node_get_literal(html));
    replace(html, node);
}

/// Character references (&#x202E;) are characters only now.
void show_unseen(cmark_node* text) {
    const std::string as_is = cmark_node_get_literal(text);
    const std::string shown = reports::text::visible(as_is, Lines::Keep);
    if (shown != as_is) cmark_node_set_literal(text, shown.c_str());
}

/// The levels of the headings above the place that was reached.
class Outline {
public:
    explicit Outline(int first) : first_(first) {}
    void place(cmark_node* heading) {
        const int level = cmark_node_get_heading_level(heading);
        while (!above_.empty() && above_.back() >= level) above_.pop_back();
        cmark_node_set_heading_level(heading, std::min(first_ + static_cast<int>(above_.size()), kLowestHeading));
        above_.push_back(level);
    }

private:
    int first_;
    std::vector<int> above_;
};

void tame(cmark_node* document, int first_heading) {
    std::vector<cmark_node*> nodes;
    {
        const Walk walk(cmark_iter_new(document));
        while (cmark_iter_next(walk.get()) != CMARK_EVENT_DONE) {
            if (cmark_iter_get_event_type(walk.get()) == CMARK_EVENT_ENTER)
                nodes.push_back(cmark_iter_get_node(walk.get()));
        }
    }
    Outline outline(first_heading);
    for (cmark_node* const node : nodes) {
        const cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT) show_unseen(node);
        if (type == CMARK_NODE_HEADING) outline.place(node);
        if (type == CMARK_NODE_HTML_BLOCK) show_html(node, CMARK_NODE_CODE_BLOCK);
        if (type == CMARK_NODE_HTML_INLINE) show_html(node, CMARK_NODE_TEXT);
        if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) make_inert(node);
    }
}

}  // namespace

std::string plain_html(std::string_view text) {
    std::string html;
    do {
        // HTML drops a line break that follows the tag.
        html += "<pre class=\"plain\" dir=\"auto\">\n" + reports::text::html_text(take_piece(text)) + "</pre>";
    } while (!text.empty());
    return html;
}

std::string markdown_html(std::string_view text, int first_heading) {
    if (text.size() > kMaxMarkdown || largest_table(text) > kMaxCells) return plain_html(text);
    const Node document = parsed(reports::text::visible(text, Lines::Keep));
    tame(document.get(), first_heading);
    const std::unique_ptr<char, Freed<&std::free>> html(cmark_render_html(document.get(), kOptions, nullptr));
    return html.get();
}

}  // namespace harness::web
