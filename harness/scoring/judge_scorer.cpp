#include "harness/scoring/judge_scorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/model/encode.hpp"
#include "harness/scoring/metric_settings.hpp"

namespace harness::scoring {
namespace {

/// The answer and its conversation without marks of chat formats, which would end the judge's own turn.
StoredAnswer without_marks(const StoredAnswer& answer) {
    StoredAnswer neutral = answer;
    for (suites::Message& turn : neutral.turns) turn.content = engine::neutralise_chat_marks(turn.content);
    neutral.answer = engine::neutralise_chat_marks(answer.answer);
    return neutral;
}

bool fits(const engine::ScoreRequest& request, std::uint32_t context_length) {
    return request.context.size() + request.continuation.size() - 1 <= context_length;
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

std::string explained(const safety::judge::Template& judge, const safety::judge::Verdict& verdict) {
    std::string text;
    for (std::size_t i = 0; i < judge.options.size(); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", judge.options[i].text, percent(verdict.probabilities[i]));
    return text + fmt::format("; these replies have {} of the probability", percent(verdict.mass));
}

suites::MetricDefinition metric_definition(const safety::judge::Template& judge) {
    const bool is_share = judge.lowest() >= 0 && judge.highest() <= 1;
    return {.name = judge.metric,
            .direction = judge.higher_is_better ? suites::Direction::HigherIsBetter : suites::Direction::LowerIsBetter,
            .interval = is_share ? suites::Interval::Share : suites::Interval::Real};
}

}  // namespace

JudgeScorer::JudgeScorer(engine::LanguageModel& model, engine::ChatFormat format, safety::judge::Template judge)
    : model_(model), format_(format), judge_(std::move(judge)) {}

store::ScorerRow JudgeScorer::identity() const {
    const engine::ModelCard& card = model_.card();
    const nlohmann::json settings = {{"model", card.name},
                                     {"chat_format", engine::to_string(format_)},
                                     {"numerics", card.numerics},
                                     {"device", card.device},
                                     {"context", card.context_length},
                                     {"metrics", metric_settings({metric_definition(judge_)})}};
    return {.kind = "judge",
            .name = judge_.name,
            .version = judge_.version,
            .model_fingerprint = card.fingerprint,
            .prompt_hash = judge_.hash(),
            .settings_json = settings.dump()};
}

std::vector<AnswerScores> JudgeScorer::score(std::span<const StoredAnswer> answers) {
    std::vector<engine::ScoreRequest> requests;
    std::vector<std::size_t> asked;  // the answers whose prompts fit, in the order of their requests
    std::vector<AnswerScores> scores(answers.size());
    const std::uint32_t context_length = model_.card().context_length;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const StoredAnswer data = without_marks(answers[i]);
        const std::vector<engine::Message> prompt = {
            {engine::Role::User, safety::judge::ask(judge_, data.turns, data.answer)}};
        std::vector<engine::ScoreRequest> options;
        for (const safety::judge::Option& option : judge_.options)
            options.push_back(model::encode_chat_pair(format_, model_.tokenizer(), prompt, option.text));
        if (std::all_of(options.begin(), options.end(),
                        [&](const auto& request) { return fits(request, context_length); })) {
            asked.push_back(i);
            std::move(options.begin(), options.end(), std::back_inserter(requests));
        } else {
            scores[i] = {{.metric = judge_.metric,
                          .value = std::nullopt,
                          .explanation = fmt::format("the judge's prompt has {} tokens, its context holds {}",
                                                     options.front().context.size(), context_length)}};
        }
    }
    const std::vector<engine::ScoreResult> results = model_.score(requests);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        std::vector<double> logprobs;
        for (std::size_t option = 0; option < judge_.options.size(); ++option)
            logprobs.push_back(results[i * judge_.options.size() + option].logprob());
        const safety::judge::Verdict verdict = safety::judge::verdict(judge_, logprobs);
        const bool has_answered = verdict.mass >= kLeastMass;
        scores[asked[i]] = {{.metric = judge_.metric,
                             .value = has_answered ? std::optional(verdict.value) : std::nullopt,
                             .explanation = (has_answered ? "" : "the judge did not answer the question: ") +
                                            explained(judge_, verdict)}};
    }
    return scores;
}

}  // namespace harness::scoring
