#include "suites/grading/filter_answers.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "suites/transforms/text.hpp"

namespace suites::grading {
namespace {

using definition::FirstStep;
using definition::PatternStep;
using definition::VoteStep;

/// The group of the match that the step takes: its only group, or the first non-empty one of several, stripped. nullopt
/// when nothing matches or all of several groups are empty; a single group may be empty.
std::optional<std::string> extract(const PatternStep& step, const std::string& text) {
    std::optional<std::string> found;
    const int groups = step.pattern->NumberOfCapturingGroups() + 1;
    std::vector<re2::StringPiece> match(static_cast<std::size_t>(groups));
    std::size_t at = 0;
    while (at <= text.size() && step.pattern->Match(text, at, text.size(), RE2::UNANCHORED, match.data(), groups)) {
        found.reset();
        if (match.size() <= 2) found = std::string(match.back());
        for (std::size_t group = 1; group < match.size() && !found; ++group) {
            if (!match[group].empty()) found = std::string(match[group]);
        }
        if (step.take == PatternStep::Take::First) break;
        const auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = std::max(end, at + 1);
    }
    return found ? std::optional(transforms::strip(*found)) : std::nullopt;
}

/// Applies a step to one answer.
class ChangeAnswer {
public:
    explicit ChangeAnswer(std::optional<std::string>& answer) : answer_(answer) {}

    void operator()(const PatternStep& step) const { answer_ = extract(step, *answer_); }
    void operator()(transforms::Matcher matcher) const { answer_ = matcher(*answer_); }
    void operator()(transforms::TextTransform transform) const {
        try {
            answer_ = transform(*answer_);
        } catch (const std::invalid_argument&) {
            answer_.reset();  // the output lacks something that the transform needs
        }
    }
    void operator()(FirstStep) const {}
    void operator()(VoteStep) const {}

private:
    std::optional<std::string>& answer_;
};

void vote(Answers& answers) {
    std::map<std::optional<std::string>, std::size_t> counts;
    for (const auto& answer : answers) ++counts[answer];
    const auto most = std::max_element(answers.begin(), answers.end(),
                                       [&](const auto& a, const auto& b) { return counts[a] < counts[b]; });
    if (most != answers.end()) answers = Answers{*most};
}

}  // namespace

Answers filter_answers(const definition::Filter& filter, const std::vector<std::string>& outputs) {
    Answers answers(outputs.begin(), outputs.end());
    for (const definition::FilterStep& step : filter.steps) {
        if (const auto* first = std::get_if<FirstStep>(&step); first != nullptr && answers.size() > first->samples)
            answers.resize(first->samples);
        if (std::holds_alternative<VoteStep>(step)) vote(answers);
        for (auto& answer : answers) {
            if (answer) std::visit(ChangeAnswer(answer), step);
        }
    }
    return answers;
}

}  // namespace suites::grading
