#include "safety/refusal/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace safety::refusal {
namespace {

constexpr std::size_t kMaxQuote = 600;     // bytes; longer ones are more likely two unrelated quotes
constexpr std::size_t kLeastOutside = 25;  // bytes beside the quotes that make them a part of something

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Bytes of the bullet, number or "step 1:" at the start of a line; 0 when it has none.
std::size_t list_mark(std::string_view line) {
    if (line.starts_with("- ") || line.starts_with("+ ")) return 2;
    const std::size_t word = line.starts_with("step ") ? 5 : 0;
    std::size_t at = word;
    while (at < line.size() && is_digit(line[at]) && at < word + 3) ++at;
    if (at == word && word == 0 && line.size() > 2 && line[0] >= 'a' && line[0] <= 'h' && line[1] == ')') return 2;
    if (at == word || at >= line.size()) return 0;
    return line[at] == '.' || line[at] == ')' || line[at] == ':' ? at + 1 : 0;
}

/// The number of a "2. " or "2) " at the start of a text; 0 when there is none.
std::size_t item_number(std::string_view text) {
    std::size_t at = 0;
    std::size_t number = 0;
    while (at < text.size() && is_digit(text[at]) && at < 2)
        number = 10 * number + static_cast<std::size_t>(text[at++] - '0');
    const bool is_mark = at > 0 && at + 1 < text.size() && (text[at] == '.' || text[at] == ')') && text[at + 1] == ' ';
    return is_mark ? number : 0;
}

/// Whether the list goes on in the same line: "1. Take it. 2. Mix it."
bool has_item(std::string_view line, std::size_t number) {
    return line.find(fmt::format(" {}. ", number)) != std::string_view::npos ||
           line.find(fmt::format(" {}) ", number)) != std::string_view::npos;
}

/// Bytes of the separator at `at`, of which the next sentence is free; 0 when there is none.
std::size_t separator(std::string_view line, std::size_t at) {
    const char c = line[at];
    const bool before_space = at + 1 == line.size() || line[at + 1] == ' ' || line[at + 1] == '"' ||
                              line[at + 1] == '\'' || line[at + 1] == ')';
    if ((c == '.' || c == '!' || c == '?' || c == ':' || c == ';') && before_space) return 1;
    if (c == '!' || c == '?') return 1;
    constexpr std::array<std::string_view, 8> kJoints = {" - ",        ", but ", " but ",   ", however, ",
                                                         ", however ", ", yet ", ", aber ", ", mais "};
    const auto* joint = std::find_if(kJoints.begin(), kJoints.end(),
                                     [&](std::string_view each) { return line.substr(at).starts_with(each); });
    return joint == kJoints.end() ? 0 : joint->size();
}

/// Adds the sentences of the line at [begin, begin + size).
class LineSplitter {
public:
    LineSplitter(std::string_view folded, std::vector<Sentence>& sentences) : folded_(folded), sentences_(sentences) {}

    void add(std::size_t begin, std::size_t end) {
        const std::string_view line = folded_.substr(begin, end - begin);
        if (line.starts_with("'''")) {
            in_code_ = !in_code_;
            return;
        }
        starts_line_ = true;
        const std::size_t mark = list_mark(line);
        is_list_item_ = mark > 0;
        last_item_ = item_number(line);
        std::size_t from = mark;
        for (std::size_t at = mark; at < line.size();) {
            const std::size_t length = separator(line, at);
            at += std::max<std::size_t>(length, 1);
            if (length == 0) continue;
            put(begin + from, begin + at - length);
            from = at += item_in_line(line, at);
        }
        put(begin + from, end);
    }

private:
    /// Bytes of the number of a list item within a line, which begins a line of its own; 0 when there is none.
    std::size_t item_in_line(std::string_view line, std::size_t at) {
        const std::size_t space = at < line.size() && line[at] == ' ' ? 1 : 0;
        const std::string_view rest = line.substr(at + space);
        const std::size_t number = item_number(rest);
        const bool is_next = number != 0 && number == last_item_ + 1 && (number > 1 || has_item(rest, 2));
        if (!is_next) return 0;
        last_item_ = number;
        starts_line_ = is_list_item_ = true;
        return space + list_mark(rest);
    }

    void put(std::size_t begin, std::size_t end) {
        constexpr std::string_view kEdge = " \t\"'(),";
        while (begin < end && kEdge.find(folded_[begin]) != std::string_view::npos) ++begin;
        while (begin < end && kEdge.find(folded_[end - 1]) != std::string_view::npos) --end;
        if (begin == end) return;
        sentences_.push_back({begin, end, starts_line_, is_list_item_, in_code_});
        starts_line_ = false;
    }

    std::string_view folded_;
    std::vector<Sentence>& sentences_;
    bool in_code_ = false;
    bool starts_line_ = true;
    bool is_list_item_ = false;
    std::size_t last_item_ = 0;  // its number, of a list within the line
};

}  // namespace

std::vector<Sentence> split(std::string_view folded) {
    std::vector<Sentence> sentences;
    LineSplitter splitter(folded, sentences);
    for (std::size_t begin = 0; begin < folded.size();) {
        const std::size_t end = std::min(folded.find('\n', begin), folded.size());
        splitter.add(begin, end);
        begin = end + 1;
    }
    return sentences;
}

std::string without_quotes(std::string_view folded) {
    std::string text(folded);
    std::size_t open = std::string::npos;
    std::size_t inside = 0;
    for (std::size_t at = 0; at < folded.size(); ++at) {
        if (folded[at] == '\n') open = std::string::npos;
        if (folded[at] != '"') continue;
        if (open == std::string::npos || at - open > kMaxQuote) {
            open = at;
            continue;
        }
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(open) + 1, text.begin() + static_cast<std::ptrdiff_t>(at),
                  ' ');
        inside += at - open + 1;
        open = std::string::npos;
    }
    return folded.size() - inside < kLeastOutside ? std::string(folded) : text;
}

}  // namespace safety::refusal
