// Grades answers.

#include <algorithm>

#include "suites/definition/task_definition.hpp"
#include "suites/grading/choice_scores.hpp"
#include "suites/grading/filter_answers.hpp"
#include "suites/grading/generation_scores.hpp"

namespace suites {
namespace {

Scores continuation_scores(const Task::Definition& task, const std::vector<Response>& responses) {
    Scores scores;
    if (responses.empty()) return scores;
    for (const definition::Metric& metric : task.metrics)
        scores[metric.name] = metric.rule == Rule::Greedy ? (responses[0].greedy ? 1.0 : 0.0) : responses[0].logprob;
    return scores;
}

Scores rolling_scores(const Item& item, const std::vector<Response>& responses) {
    double total = 0;
    for (const Response& response : responses) total += response.logprob;
    return {{"loglikelihood", total},
            {"words", static_cast<double>(item.words)},
            {"bytes", static_cast<double>(item.bytes)}};
}

void count_truncated(const std::vector<Response>& responses, Scores& scores) {
    const bool told = std::any_of(responses.begin(), responses.end(),
                                  [](const Response& response) { return response.truncated.has_value(); });
    const bool cut = std::any_of(responses.begin(), responses.end(),
                                 [](const Response& response) { return response.truncated.value_or(false); });
    if (told) scores["prompt_truncated"] = cut ? 1.0 : 0.0;
}

}  // namespace

GradedItem Task::grade(const Item& item, const std::vector<Response>& responses, const Grader& grader) const {
    const Definition& task = *definition_;
    GradedItem graded;
    switch (task.kind) {
        case TaskKind::Choice: graded.scores = grading::choice_scores(task, item, responses); break;
        case TaskKind::Continuation: graded.scores = continuation_scores(task, responses); break;
        case TaskKind::Generate: graded = grading::generation_scores(task, item, responses, grader); break;
        case TaskKind::Rolling: graded.scores = rolling_scores(item, responses); break;
    }
    if (task.kind != TaskKind::Rolling) count_truncated(responses, graded.scores);
    return graded;
}

std::string Task::filtered(std::string_view filter, const std::vector<std::string>& samples) const {
    std::vector<std::string> outputs;
    outputs.reserve(samples.size());
    for (const std::string& sample : samples)
        outputs.push_back(grading::graded_text(sample, definition_->generation.until));
    for (const definition::Filter& known : definition_->generation.filters) {
        if (known.name != filter) continue;
        const grading::Answers answers = grading::filter_answers(known, outputs);
        return answers.empty() ? grading::kInvalid : answers.front().value_or(grading::kInvalid);
    }
    return outputs.empty() ? "" : outputs.front();
}

}  // namespace suites
