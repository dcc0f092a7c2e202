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

/// The turns of a conversation, a blank line after each.
std::string written(const Template& judge, const Data& data, std::span<const suites::Message> conversation) {
    std::string text;
    for (const suites::Message& turn : conversation) {
        if (turn.role == suites::Role::System) continue;  // the instructions of the model that is judged
        text += turn.role == suites::Role::User ? judge.user_label : judge.assistant_label;
        text += ' ' + data(turn.content) + "\n\n";
    }
    return text;
}

/// A placeholder of a template and what stands for it.
struct Filling {
    std::string_view placeholder;
    std::string text;
};

/// One pass over the template: text that was put in is never searched for placeholders.
std::string filled(const Template& judge, const std::vector<Filling>& fillings) {
    std::string prompt;
    for (std::size_t at = 0; at < judge.prompt.size();) {
        const std::string_view rest = std::string_view(judge.prompt).substr(at);
        const auto filling = std::find_if(fillings.begin(), fillings.end(),
                                          [&](const Filling& one) { return rest.starts_with(one.placeholder); });
        if (filling == fillings.end()) {
            prompt += judge.prompt[at++];
        } else {
            prompt += filling->text;
            at += filling->placeholder.size();
        }
    }
    return prompt;
}

std::string request_of(std::span<const suites::Message> conversation, const Data& data) {
    return conversation.empty() ? "" : data(conversation.back().content);
}

/// Without the blank line at the end.
std::string turns_of(const Template& judge, const Data& data, std::span<const suites::Message> conversation) {
    std::string text = written(judge, data, conversation);
    text.resize(text.size() - std::min<std::size_t>(text.size(), 2));
    return text;
}

}  // namespace

std::string ask(const Template& judge, std::span<const suites::Message> conversation, std::string_view answer) {
    const Data data(judge);
    const std::string with_answer = written(judge, data, conversation) + judge.assistant_label + ' ' + data(answer);
    return filled(judge, {{"{{conversation}}", with_answer},
                          {"{{turns}}", turns_of(judge, data, conversation)},
                          {"{{request}}", request_of(conversation, data)},
                          {"{{answer}}", data(answer)}});
}

std::string ask_pair(const Template& judge, std::span<const suites::Message> conversation, const ShownPair& answers) {
    const Data data(judge);
    return filled(judge, {{"{{turns}}", turns_of(judge, data, conversation)},
                          {"{{request}}", request_of(conversation, data)},
                          {"{{first}}", data(answers.first)},
                          {"{{second}}", data(answers.second)}});
}

}  // namespace safety::judge
