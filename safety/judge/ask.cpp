#include <algorithm>
#include <cctype>
#include <vector>

#include "safety/judge/template.hpp"
#include "suites/text.hpp"

namespace safety::judge {
namespace {

bool equal_but_for_case(std::string_view a, std::string_view b) {
    const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Lines of the prompt that are a whole frame mark: "<BEGIN CONVERSATION>", "[END OF ANSWER]".
std::vector<std::string> frame_marks(const Template& judge) {
    std::vector<std::string> marks;
    std::string_view rest = judge.prompt;
    while (!rest.empty()) {
        const std::string_view line = suites::take_line(rest);
        const bool is_mark = line.size() > 2 && ((line.front() == '<' && line.back() == '>') ||
                                                 (line.front() == '[' && line.back() == ']'));
        if (is_mark) marks.emplace_back(line);
    }
    return marks;
}

/// Text of a conversation or an answer as data of the prompt.
class Data {
public:
    explicit Data(const Template& judge) : judge_(judge), marks_(frame_marks(judge)) {}

    std::string operator()(std::string_view text) const {
        std::string changed;
        bool line_begins = true;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (const std::string_view label = line_begins ? label_at(text, at) : std::string_view{}; !label.empty()) {
                changed += text.substr(at, label.size() - 1);
                changed += ' ';
                at += label.size() - 1;
            } else if (is_mark_at(text, at)) {
                changed += text[at++];
                changed += ' ';
            }
            changed += text[at];
            const char now = text[at];
            line_begins = now == '\n' || now == '\r' || (line_begins && (now == ' ' || now == '\t'));
        }
        return changed;
    }

private:
    std::string_view label_at(std::string_view text, std::size_t at) const {
        for (const std::string* label : {&judge_.user_label, &judge_.assistant_label}) {
            if (equal_but_for_case(text.substr(at, label->size()), *label)) return *label;
        }
        return {};
    }

    bool is_mark_at(std::string_view text, std::size_t at) const {
        if (text[at] != '<' && text[at] != '[') return false;
        return std::any_of(marks_.begin(), marks_.end(), [&](const std::string& mark) {
            return equal_but_for_case(text.substr(at, mark.size()), mark);
        });
    }

    const Template& judge_;
    std::vector<std::string> marks_;
};

std::string written(const Template& judge, const Data& data, std::span<const suites::Message> conversation,
                    std::string_view answer) {
    std::string text;
    for (const suites::Message& turn : conversation) {
        if (turn.role == suites::Role::System) continue;  // the instructions of the model that is judged
        text += turn.role == suites::Role::User ? judge.user_label : judge.assistant_label;
        text += ' ' + data(turn.content) + "\n\n";
    }
    return text + judge.assistant_label + ' ' + data(answer);
}

}  // namespace

std::string ask(const Template& judge, std::span<const suites::Message> conversation, std::string_view answer) {
    const Data data(judge);
    std::string prompt;
    // One pass over the template: text that was put in is never searched for placeholders.
    for (std::size_t at = 0; at < judge.prompt.size();) {
        const std::string_view rest = std::string_view(judge.prompt).substr(at);
        if (rest.starts_with("{{conversation}}")) {
            prompt += written(judge, data, conversation, answer);
            at += std::string_view("{{conversation}}").size();
        } else if (rest.starts_with("{{request}}")) {
            prompt += conversation.empty() ? "" : data(conversation.back().content);
            at += std::string_view("{{request}}").size();
        } else if (rest.starts_with("{{answer}}")) {
            prompt += data(answer);
            at += std::string_view("{{answer}}").size();
        } else {
            prompt += judge.prompt[at++];
        }
    }
    return prompt;
}

}  // namespace safety::judge
