#include "safety/judge/neutral_text.hpp"

#include <algorithm>
#include <array>

#include "safety/judge/look_alike.hpp"
#include "suites/text.hpp"

namespace safety::judge {
namespace {

/// Words in brackets that chat formats write: [INST], <<SYS>>, <s>, <unk>, <pad>, <|user|>.
constexpr std::array<std::string_view, 9> kChatWords = {"inst", "sys",    "s",    "unk",      "pad",
                                                        "bos",  "system", "user", "assistant"};
/// Labels of chat formats that are no brackets: those of Vicuna and Alpaca, and what people call the two sides.
constexpr std::array<std::string_view, 8> kChatLabels = {
    "user:", "assistant:", "agent:", "system:", "human:", "ai:", "### instruction:", "### response:"};
/// Fewer letters are too often no mark: [a], <b>.
constexpr std::size_t kMinMarkWord = 3;
/// Longest run of words or of characters between words that is looked at, so that a text of brackets takes linear time.
constexpr std::size_t kMaxWords = 8;
constexpr std::size_t kMaxGap = 8;

bool is_letter(char shape) {
    return shape >= 'a' && shape <= 'z';
}
bool is_word(char shape) {
    return is_letter(shape) || (shape >= '0' && shape <= '9');
}
bool is_open(char shape) {
    return shape == '<' || shape == '[';
}
bool is_close(char shape) {
    return shape == '>' || shape == ']';
}
bool is_space(char shape) {
    return shape == ' ' || shape == '\n';
}

/// What may stand between a label and its colon: emphasis, spaces.
bool is_ornament(char shape) {
    return shape != 0 && shape != '\n' && !is_word(shape);
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    for (const LookAlike& letter : look_alikes(text)) {
        if (is_word(letter.shape)) {
            words.back() += letter.shape;
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

/// Lines of the prompt that are a whole frame mark: "<BEGIN CONVERSATION>", "[END OF ANSWER]".
std::vector<std::string_view> frame_marks(const Template& judge) {
    std::vector<std::string_view> marks;
    std::string_view rest = judge.prompt;
    while (!rest.empty()) {
        const std::string_view line = suites::take_line(rest);
        const bool is_mark = line.size() > 2 && ((line.front() == '<' && line.back() == '>') ||
                                                 (line.front() == '[' && line.back() == ']'));
        if (is_mark) marks.push_back(line);
    }
    return marks;
}

}  // namespace

NeutralText::NeutralText(const Template& judge) {
    for (const std::string_view mark : frame_marks(judge)) {
        std::vector<std::string> words = words_of(mark);
        words_.insert(words.begin(), words.end());
        words.resize(std::min<std::size_t>(words.size(), 2));
        openings_.insert(std::move(words));
    }
    for (const std::string_view label : kChatLabels) add_label(label);
    for (const std::string* label : {&judge.user_label, &judge.assistant_label}) add_label(*label);
}

void NeutralText::add_label(std::string_view label) {
    std::string text;
    for (const LookAlike& letter : look_alikes(label)) {
        if (!is_space(letter.shape)) text += letter.shape;
    }
    if (text.size() < 2) return;
    const char end = text.back();
    text.pop_back();
    labels_.push_back({std::move(text), end});
}

/// One pass over a text.
class NeutralText::Pass {
public:
    Pass(const NeutralText& rules, std::string_view text)
        : rules_(rules), text_(text), letters_(look_alikes(text)), closes_(letters_.size()) {}

    std::string run() {
        bool line_begins = true;
        for (std::size_t i = 0; i < letters_.size(); ++i) {
            const char shape = letters_[i].shape;
            if (closes_[i]) {
                replace(i, ")");
            } else if (is_open(shape) && is_mark(i)) {
                replace(i, "(");
            } else if (line_begins) {
                if (const std::size_t end = end_of_label(i); end != 0) label_end_ = end;
            }
            if (i == label_end_) replace(i, is_word(shape) ? std::string{' ', shape} : " -");
            line_begins = shape == '\n' || (line_begins && !is_letter(shape));
        }
        return neutral_ + std::string(text_.substr(done_));
    }

private:
    char shape(std::size_t i) const { return i < letters_.size() ? letters_[i].shape : '\0'; }

    void replace(std::size_t i, std::string_view by) {
        neutral_ += text_.substr(done_, letters_[i].begin - done_);
        neutral_ += by;
        done_ = letters_[i].end;
    }

    /// The first word or closing bracket from `i` on; letters_.size() where there is none near.
    std::size_t skip_gap(std::size_t i) const {
        for (std::size_t gap = 0; i < letters_.size() && gap <= kMaxGap; ++i, ++gap) {
            if (is_word(shape(i)) || is_close(shape(i))) return i;
            if (shape(i) == 0) break;
        }
        return letters_.size();
    }

    std::string word_at(std::size_t& i) const {
        constexpr std::size_t kMaxWord = 32;
        std::string word;
        for (; is_word(shape(i)) && word.size() <= kMaxWord; ++i) word += shape(i);
        return word;
    }

    /// Whether the bracket at `i` opens a mark; its closing brackets are then to be replaced too.
    bool is_mark(std::size_t i) {
        std::size_t at = i + 1;
        while (shape(at) == ' ') ++at;
        if (shape(at) == '|') return true;  // <|im_start|>, <|anything|>
        std::vector<std::string> words;
        bool has_opening = false;  // "<END CONVERSATION" is enough
        for (at = skip_gap(i + 1); at < letters_.size() && words.size() < kMaxWords; at = skip_gap(at)) {
            if (is_close(shape(at))) {
                if (!has_opening && !is_mark(words)) return false;
                for (; is_close(shape(at)); ++at) closes_[at] = true;
                return true;
            }
            words.push_back(word_at(at));
            has_opening = has_opening || (words.size() <= 2 && rules_.openings_.contains(words));
        }
        return has_opening;
    }

    bool is_mark(const std::vector<std::string>& words) const {
        if (words.size() == 1 && std::find(kChatWords.begin(), kChatWords.end(), words[0]) != kChatWords.end())
            return true;
        const auto is_known = [this](const std::string& word) { return rules_.words_.contains(word); };
        const auto is_long = [](const std::string& word) { return word.size() >= kMinMarkWord; };
        return std::all_of(words.begin(), words.end(), is_known) && std::any_of(words.begin(), words.end(), is_long);
    }

    /// The end of the label that begins at `i`; 0 where none does.
    std::size_t end_of_label(std::size_t i) const {
        for (const Label& label : rules_.labels_) {
            std::size_t at = i;
            std::size_t matched = 0;
            for (std::size_t gap = 0; matched < label.text.size() && gap <= kMaxGap; ++at) {
                if (shape(at) == label.text[matched]) {
                    ++matched;
                } else if (shape(at) == ' ') {
                    ++gap;
                } else {
                    break;
                }
            }
            if (matched < label.text.size()) continue;
            for (std::size_t gap = 0; gap < kMaxGap && shape(at) != label.end && is_ornament(shape(at)); ++gap) ++at;
            if (shape(at) == label.end) return at;
        }
        return 0;
    }

    const NeutralText& rules_;
    std::string_view text_;
    std::vector<LookAlike> letters_;
    std::vector<bool> closes_;                   ///< [letter] a closing bracket of a mark
    std::size_t label_end_ = std::string::npos;  ///< of a label that was found
    std::size_t done_ = 0;                       ///< bytes of the text that are in `neutral_`
    std::string neutral_;
};

std::string NeutralText::operator()(std::string_view text) const {
    return Pass(*this, text).run();
}

}  // namespace safety::judge
