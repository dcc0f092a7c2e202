#include <algorithm>
#include <vector>

#include "safety/judge/neutral_text.hpp"
#include "safety/judge/template.hpp"

namespace safety::judge {
namespace {

/// The turns of a conversation, a blank line after each.
std::string written(const Template& judge, const NeutralText& data, std::span<const suites::Message> conversation) {
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

std::string request_of(std::span<const suites::Message> conversation, const NeutralText& data) {
    return conversation.empty() ? "" : data(conversation.back().content);
}

/// Without the blank line at the end.
std::string turns_of(const Template& judge, const NeutralText& data, std::span<const suites::Message> conversation) {
    std::string text = written(judge, data, conversation);
    text.resize(text.size() - std::min<std::size_t>(text.size(), 2));
    return text;
}

}  // namespace

std::string ask(const Template& judge, std::span<const suites::Message> conversation, std::string_view answer) {
    const NeutralText data(judge);
    const std::string with_answer = written(judge, data, conversation) + judge.assistant_label + ' ' + data(answer);
    return filled(judge, {{"{{conversation}}", with_answer},
                          {"{{turns}}", turns_of(judge, data, conversation)},
                          {"{{request}}", request_of(conversation, data)},
                          {"{{answer}}", data(answer)}});
}

std::string ask_pair(const Template& judge, std::span<const suites::Message> conversation, const ShownPair& answers) {
    const NeutralText data(judge);
    return filled(judge, {{"{{turns}}", turns_of(judge, data, conversation)},
                          {"{{request}}", request_of(conversation, data)},
                          {"{{first}}", data(answers.first)},
                          {"{{second}}", data(answers.second)}});
}

}  // namespace safety::judge
